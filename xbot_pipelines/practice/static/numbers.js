// How X writes numbers and times: what a reader sees and what the aria-labels say. Pure.

import { language } from "./config.js";

const UNITS = [["replies", "reply"], ["reposts", "repost"], ["likes", "like"], ["bookmarks", "bookmark"], ["views", "view"]];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function compact(count, maximumFractionDigits) {
  const style = { notation: "compact", roundingMode: "trunc", maximumFractionDigits };
  return new Intl.NumberFormat(language, style).format(count);
}

/** A visible counter: truncated, never rounded, one decimal below ten units (1776 → 1.7K, 11716 → 11K), "" for none. */
export function visibleCount(count) {
  if (!count) return "";
  const unit = count >= 1e9 ? 1e9 : count >= 1e6 ? 1e6 : 1e3;
  return compact(count, count < 10 * unit ? 1 : 0);
}

/** A count with all its digits: 11,716. */
export function exactCount(count) {
  return new Intl.NumberFormat(language).format(count);
}

/** A follower count: exact below ten thousand (2,181), shortened above (12.3K). */
export function followerCount(count) {
  return count < 10_000 ? exactCount(count) : compact(count, 1);
}

/** The label of an action bar: exact integers, terms of zero or unknown left away, singular for 1. */
export function actionBarLabel(counts) {
  return UNITS.filter(([many]) => counts[many])
    .map(([many, one]) => `${counts[many]} ${counts[many] === 1 ? one : many}`)
    .join(", ");
}

/** "17 Replies": a count with its noun, singular for 1. */
export function countedNoun(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/** How long ago, as `{short: "5h", long: "5 hours ago"}`; a date when it is over a day or not in the past at all. */
export function age(moment, now = new Date()) {
  const passed = now - moment;
  if (passed < 0 || passed >= DAY) {
    const date = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }).format(moment);
    return { short: date, long: date };
  }
  const [amount, unit] = passed < MINUTE ? [Math.floor(passed / 1000), "second"]
    : passed < HOUR ? [Math.floor(passed / MINUTE), "minute"]
      : [Math.floor(passed / HOUR), "hour"];
  return { short: `${amount}${unit[0]}`, long: `${countedNoun(amount, unit, `${unit}s`)} ago` };
}

/** "10:41 AM · Feb 13, 2026", in the reader's timezone. */
export function fullTime(moment) {
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(moment);
  return `${time} · ${new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(moment)}`;
}
