// What the server told this page: who is looking, which page it is, which query ids are valid, which faults to play.
// Nothing here draws and nothing here talks to the network.

const config = JSON.parse(document.getElementById("page-config").textContent);

/** The account that looks at the page, `{id, handle, name}`, or null when nobody is logged in. */
export const viewer = config.viewer;

/** Which page was asked for: `{kind, handle, id, inReplyTo, query, product}`. */
export const page = config.page;

/** The current query id of each GraphQL operation. They rotate, so they come with the page and are never stored. */
export const queryIds = config.queryIds;

/** Language of the page, as the server took it from the `lang` cookie. */
export const language = document.documentElement.lang;

const faults = new Set(config.frontFaults);

/** Tell whether this page load shall misbehave in the way called `kind` (see the `frontFaults` of /practice/faults). */
export function hasFault(kind) {
  return faults.has(kind);
}

/** Read a cookie that scripts may see; null when it is not there. */
export function cookie(name) {
  const pair = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return pair === undefined ? null : decodeURIComponent(pair.slice(name.length + 1));
}
