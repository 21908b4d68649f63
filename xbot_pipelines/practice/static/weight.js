// The length of a post as X counts it (twitter-text v3): what the counter and the button go by. Pure.
// The server decides with rules of its own; these are the simple ones a page needs.

/** The most an ordinary post may weigh. */
export const MAXIMUM_WEIGHT = 280;

const LINK_WEIGHT = 23;
const LIGHT_RANGES = [[0x0000, 0x10ff], [0x2000, 0x200d], [0x2010, 0x201f], [0x2032, 0x2037]];

/** What X makes a link of: with a scheme, or a bare name under a well-known top-level domain. */
export const LINK = /https?:\/\/[^\s]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|app|co|uk|de|ch)\b(?:\/[^\s]*)?/giu;

const EMOJI_OR_CHARACTER = /\p{RGI_Emoji}|./gsv;
const EMOJI = /^\p{RGI_Emoji}$/v;

function characterWeight(character) {
  if (EMOJI.test(character)) return 2;
  const point = character.codePointAt(0);
  return LIGHT_RANGES.some(([from, to]) => point >= from && point <= to) ? 1 : 2;
}

/** Weighted length of `text`: 1 or 2 a character, 2 an emoji sequence, 23 a link, counted on NFC. */
export function weightedLength(text) {
  const normal = text.normalize("NFC");
  const links = normal.match(LINK) ?? [];
  const rest = normal.replace(LINK, "").match(EMOJI_OR_CHARACTER) ?? [];
  return links.length * LINK_WEIGHT + rest.reduce((sum, character) => sum + characterWeight(character), 0);
}
