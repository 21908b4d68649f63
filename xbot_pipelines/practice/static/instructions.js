// Reading a timeline answer: instructions into rows and the cursor of the next page. Pure: no network, no DOM.

import { readPerson, readPost, readTombstone } from "./shapes.js";

/**
 * @param {Array} instructions  `…timeline.instructions`
 * @returns {{rows: Array, bottomCursor: string|null, ended: boolean}} rows are `{key, post, pinned, promoted, threaded}`,
 *   `{key, tombstone}`, `{key, people}` or `{key, cursor}` (more replies on demand)
 */
export function readInstructions(instructions) {
  const reading = { rows: [], bottomCursor: null, ended: false };
  for (const instruction of instructions) {
    if (instruction.type === "TimelinePinEntry") reading.rows.unshift(...rowsOf(instruction.entry));
    else if (instruction.type === "TimelineAddEntries") instruction.entries.forEach((entry) => addEntry(reading, entry));
    else if (instruction.type === "TimelineAddToModule") reading.rows.push(...rowsOfItems(instruction.moduleItems));
    else if (instruction.type === "TimelineReplaceEntry") addEntry(reading, instruction.entry);
    else if (instruction.type === "TimelineTerminateTimeline") reading.ended ||= instruction.direction !== "Top";
  }
  reading.ended ||= reading.rows.length === 0 || reading.bottomCursor === null;
  return reading;
}

function addEntry(reading, entry) {
  const cursor = entry.content.cursorType ? entry.content : entry.content.itemContent;
  if (cursor?.cursorType === "Bottom") reading.bottomCursor = cursor.value;
  else reading.rows.push(...rowsOf(entry));
}

function rowsOf(entry) {
  const content = entry.content;
  if (content.items) {
    const people = content.items.map((part) => part.item.itemContent.user_results).filter(Boolean);
    if (people.length > 0) {
      return [{ key: entry.entryId, people: people.map((one) => readPerson(one.result)).filter(Boolean) }];
    }
    return rowsOfItems(content.items);
  }
  return [rowOf(entry.entryId, content.itemContent ?? content)].filter(Boolean);
}

function rowsOfItems(items) {
  const rows = items.map((part) => rowOf(part.entryId, part.item.itemContent)).filter(Boolean);
  rows.slice(0, -1).forEach((row) => { row.threaded = true; });
  return rows;
}

function rowOf(key, itemContent) {
  if (itemContent.cursorType) return itemContent.cursorType === "Top" ? null : { key, cursor: itemContent.value };
  if (itemContent.tombstoneInfo) {
    return { key, tombstone: readTombstone({ tombstone: { text: itemContent.tombstoneInfo.text } }) };
  }
  const post = readPost(itemContent.tweet_results);
  if (post === null) return null;
  if (post.tombstone) return { key, tombstone: post.tombstone };
  return {
    key,
    post,
    pinned: itemContent.socialContext?.contextType === "Pin",
    promoted: Boolean(itemContent.promotedMetadata) || key.includes("promoted-tweet-"),
  };
}
