const DOTLESS_I = '\u0131';

/**
 * The form in which text is compared without regard to case: NFC, then simple (one code point to one) case folding.
 * Accents stay distinct, as do sharp s and "ss" and the dotless i; the three forms of sigma are one. Idempotent.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) {
    return text.toLowerCase();
  }
  let folded = '';
  for (const character of text.normalize('NFC')) {
    folded += foldCharacter(character);
  }
  return folded.normalize('NFC');
}

/** Orders two texts by code point, so that characters beyond the BMP come after those of it. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      return sortable(left) - sortable(right);
    }
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the BMP, where the characters that they encode belong. */
function sortable(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) {
      return false;
    }
  }
  return true;
}

function foldCharacter(character: string): string {
  if (character === DOTLESS_I) {
    return character;
  }
  const upper = character.toUpperCase();
  const lower = (isOneCodePoint(upper) ? upper : character).toLowerCase();
  return isOneCodePoint(lower) ? lower : character;
}

function isOneCodePoint(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
