// Where the page starts: draws what the address asks for. Every page is loaded from the server; only the compose dialog
// opens in place.

import { showAnalytics } from "./analytics.js";
import { composeAsAddressed, composeOver } from "./compose-dialog.js";
import { hasFault, page, viewer } from "./config.js";
import { showCookieBarOnce } from "./cookie-bar.js";
import { showLayer } from "./dom.js";
import { confirmSession } from "./reads.js";
import { showHome } from "./home.js";
import { pageFrame } from "./layout.js";
import { showLogin } from "./login.js";
import { showNotifications } from "./notifications.js";
import { showProfile } from "./profile.js";
import { showSearch } from "./search.js";
import { showStatus } from "./status.js";
import { missingPage, unknownDialog, wallPage } from "./walls.js";

const PAGES = {
  home: showHome,
  compose: (root) => { showHome(root); composeAsAddressed(); },
  profile: showProfile,
  with_replies: showProfile,
  status: showStatus,
  analytics: showAnalytics,
  search: showSearch,
  notifications: showNotifications,
  login: showLogin,
  access: (root) => root.replaceChildren(wallPage(page.wall)),
};

const root = document.getElementById("react-root");
const showMissing = () => root.replaceChildren(pageFrame("Page not found", [missingPage()], () => composeOver()));
(PAGES[page.kind] ?? showMissing)(root);
showCookieBarOnce();
// A dead session shows in the answer, and api.js leads to the login page then; any other failure the page itself will meet.
if (viewer !== null && page.kind !== "access") confirmSession().catch(() => {});
if (hasFault("unknown_dialog")) showLayer(unknownDialog());
