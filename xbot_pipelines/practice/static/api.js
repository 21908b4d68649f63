// Talking to the GraphQL endpoints: headers, query ids, and what each kind of failure means. Knows nothing of drawing.

import { cookie, queryIds } from "./config.js";

const FEATURES = {
  responsive_web_graphql_timeline_navigation_enabled: true,
  responsive_web_graphql_skip_user_profile_image_extensions_enabled: false,
  longform_notetweets_consumption_enabled: true,
  view_counts_everywhere_api_enabled: true,
};
const FIELD_TOGGLES = { withArticlePlainText: false };
const NO_SESSION_CODES = [32, 89];
const RATE_LIMIT_CODE = 88;
const LOCKED_CODE = 326;
// No such user, no such page, no such post, or not for this account: an answer without data, not a failure.
const MISSING_CODES = [50, 34, 144, 179];

/** An operation that gave no usable data. `kind`: no_session, locked, rate_limit, refused (`code` says why), failure. */
export class ApiError extends Error {
  constructor(kind, message, code = null) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

function headers() {
  return {
    "content-type": "application/json",
    "x-csrf-token": cookie("ct0") ?? "",
    "x-twitter-active-user": "yes",
    "x-twitter-client-language": document.documentElement.lang,
  };
}

function kindOf(status, code) {
  if (status === 401 || NO_SESSION_CODES.includes(code)) return "no_session";
  if (status === 429 || code === RATE_LIMIT_CODE) return "rate_limit";
  if (code === LOCKED_CODE) return "locked";
  return status === 200 && code !== null ? "refused" : "failure";
}

function hasData(body) {
  return Object.values(body.data ?? {}).some((value) => value !== null && Object.keys(value).length > 0);
}

async function answer(address, options) {
  let response;
  let body;
  try {
    response = await fetch(address, { credentials: "same-origin", ...options });
    body = await response.json();
  } catch (cause) {
    if (response === undefined || response.ok) throw new ApiError("failure", `No answer: ${cause.message}`);
    body = {};
  }
  // HTTP 200 may carry data and errors together: the data counts then, as it does on X.
  if (response.ok && hasData(body)) return body.data;
  const error = body.errors?.[0];
  const code = error?.code ?? null;
  if (response.ok && (error === undefined || MISSING_CODES.includes(code))) return {};
  throw leaveIfTold(new ApiError(kindOf(response.status, code), error?.message ?? `HTTP ${response.status}`, code));
}

function leaveIfTold(error) {
  if (error.kind === "no_session") {
    const here = encodeURIComponent(location.pathname + location.search);
    location.assign(`/i/jf/onboarding/web?redirect_after_login=${here}&mode=login`);
  }
  if (error.kind === "locked") location.assign("/account/access");
  return error;
}

/** Ask a query operation; answers the `data` of the response or throws an ApiError. */
export async function query(operation, variables) {
  const parameters = new URLSearchParams({
    variables: JSON.stringify(variables),
    features: JSON.stringify(FEATURES),
    fieldToggles: JSON.stringify(FIELD_TOGGLES),
  });
  return answer(`/i/api/graphql/${queryIds[operation]}/${operation}?${parameters}`, { headers: headers() });
}

/** Run a mutation once: it is never sent again, whatever comes back. Answers `data` or throws an ApiError. */
export async function mutate(operation, variables) {
  const queryId = queryIds[operation];
  return answer(`/i/api/graphql/${queryId}/${operation}`, {
    method: "POST",
    headers: headers(),
    body: JSON.stringify({ variables, features: FEATURES, queryId }),
  });
}
