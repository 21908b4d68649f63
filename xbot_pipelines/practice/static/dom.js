// Building DOM: the one way to make an element, and the layer above the page. Knows nothing of posts or people.

import { hasFault } from "./config.js";

// A page whose markup changed overnight: every selector built on test ids finds nothing.
const testIdSuffix = hasFault("layout_changed") ? "-v2" : "";

/** The value which stands in `data-testid` for `name` on this page. */
export function testId(name) {
  return name + testIdSuffix;
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} attributes  `testid` becomes data-testid, `on` maps event names to listeners, true is an empty
 *   attribute, and null, undefined and false leave an attribute away
 * @param {...(Node|string|null)} children  null is left away
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "testid") made.dataset.testid = testId(value);
    else if (name === "on") Object.entries(value).forEach(([event, listener]) => made.addEventListener(event, listener));
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Show `node` above the page; the returned function takes it away again (and may be called twice). */
export function showLayer(node) {
  document.getElementById("layers").append(node);
  return () => node.remove();
}
