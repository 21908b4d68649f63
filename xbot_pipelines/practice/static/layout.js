// The frame around every page: side navigation, the main column, the side column, and the bar for people without a session.

import { page, viewer } from "./config.js";
import { element } from "./dom.js";
import { avatar } from "./post.js";

function sideNavigation(onCompose) {
  const link = (testid, href, icon, text) => element("a", { testid, href, class: "nav-link", "aria-label": text },
    element("span", { "aria-hidden": "true" }, icon), element("span", { class: "nav-text" }, text));
  const compose = element("a", {
    testid: "SideNav_NewTweet_Button", href: "/compose/post", class: "button primary new-post", "aria-label": "Post",
    on: { click: (event) => { event.preventDefault(); onCompose(); } },
  }, "Post");
  const account = element("button", { testid: "SideNav_AccountSwitcher_Button", class: "account", "aria-label": "Account menu" },
    avatar(viewer), element("span", { class: "nav-text" }, element("strong", {}, viewer.name), element("span", { class: "muted" }, `@${viewer.handle}`)));
  return element("header", { role: "banner", class: "side-nav" },
    element("nav", { role: "navigation", "aria-label": "Primary" },
      link("AppTabBar_Home_Link", "/home", "⌂", "Home"),
      link("AppTabBar_Notifications_Link", "/notifications", "♧", "Notifications"),
      link("AppTabBar_Profile_Link", `/${viewer.handle}`, "☺", "Profile")),
    compose, account, element("a", { href: "/logout", class: "muted log-out" }, "Log out"));
}

function loggedOutBar() {
  return element("header", { role: "banner", class: "side-nav" },
    element("p", {}, "See what’s happening."),
    element("a", { testid: "loginButton", href: "/login", class: "button primary" }, "Log in"));
}

function sideColumn() {
  const field = element("input", {
    testid: "SearchBox_Search_Input", name: "q", placeholder: "Search", "aria-label": "Search query", autocomplete: "off",
    required: true, class: "search", value: page.query,
  });
  const search = element("form", { role: "search", action: "/search" }, field,
    element("input", { type: "hidden", name: "src", value: "typed_query" }));
  return element("div", { testid: "sidebarColumn", class: "side-column" }, search,
    element("aside", { class: "badge" }, element("strong", {}, "practice X"), element("p", {}, "A local practice site. Nothing here leaves this machine.")));
}

/**
 * Frame a page.
 * @param {string} title  shown above the column and in the window's title
 * @param {Array<Node>} parts  the content of the main column
 * @param {() => void} onCompose  what the Post button does
 */
export function pageFrame(title, parts, onCompose) {
  document.title = `${title} / practice X`;
  return element("div", { class: "frame" },
    viewer ? sideNavigation(onCompose) : loggedOutBar(),
    element("main", { role: "main", class: "main" },
      element("div", { testid: "primaryColumn", class: "primary-column" },
        element("div", { class: "column-title" }, element("h2", { role: "heading" }, title)), ...parts),
      sideColumn()));
}
