// The login page: one form, and on to where the visitor wanted to go.

import { element } from "./dom.js";
import { showToast } from "./toast.js";

// Only paths of this site: an address from elsewhere would make the login page a springboard.
function destination() {
  const wanted = new URLSearchParams(location.search).get("redirect_after_login") ?? "/home";
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/home";
}

async function logIn(form) {
  const response = await fetch("/i/jf/onboarding/login", { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (response.ok) {
    location.assign(destination());
    return;
  }
  const answer = await response.json();
  showToast(answer.message ?? "Something went wrong. Try again.");
}

/** Draw the login page into `root`. */
export function showLogin(root) {
  document.title = "Log in / practice X";
  const field = (name, type, text, autocomplete) => element("label", { class: "field" }, text,
    element("input", { name, type, autocomplete, required: true, autocapitalize: "none" }));
  const form = element("form", { class: "login" },
    element("h1", {}, "Log in to practice X"),
    field("username_or_email", "text", "Email or username", "username"),
    field("password", "password", "Password", "current-password"),
    element("button", { type: "submit", class: "button primary" }, "Log in"),
    element("p", { class: "muted" }, "A local practice site: the password of every practice account is “practice”."));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    logIn(form);
  });
  root.replaceChildren(element("main", { role: "main", class: "wall" }, form));
}
