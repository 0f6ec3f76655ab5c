import { asciiLowerCase } from '../schema/attribute-name.js';
import { isWellFormed } from '../schema/well-formed.js';
import type { FilterLiteral } from './filter.js';
import type { Scanner } from './scanner.js';

const SHORT_ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const RESERVED = new Set(['and', 'or', 'not']);

/**
 * Scans the right side of a comparison: a JSON string, a number, a boolean or null in any case, or an unquoted word,
 * which Microsoft's article prints (`externalId eq jyoung`, case F09).
 */
export function scanLiteral(scanner: Scanner): FilterLiteral {
  const start = scanner.position;
  if (scanner.skip('"')) {
    return { kind: 'string', text: scanString(scanner, start) };
  }
  const text = scanner.takeWord();
  const lower = asciiLowerCase(text);
  if (text === '' || RESERVED.has(lower)) {
    throw scanner.error('A value is missing', start);
  }
  if (text.startsWith("'")) {
    throw scanner.error('A quoted value needs double quotes', start);
  }
  requirePrintable(scanner, text, start);
  if (lower === 'true' || lower === 'false') {
    return { kind: 'boolean', text };
  }
  if (lower === 'null') {
    return { kind: 'null', text };
  }
  return { kind: isNumber(text) ? 'number' : 'word', text };
}

/** Whether the text is a number as JSON writes it. */
export function isNumber(text: string): boolean {
  let index = text[0] === '-' ? 1 : 0;
  const digits = (): number => {
    const start = index;
    while (isDigit(text[index])) {
      index += 1;
    }
    return index - start;
  };
  const hasLeadingZero = text[index] === '0';
  const wholeDigits = digits();
  if (wholeDigits === 0 || (hasLeadingZero && wholeDigits > 1)) {
    return false;
  }
  if (text[index] === '.') {
    index += 1;
    if (digits() === 0) {
      return false;
    }
  }
  if (text[index] === 'e' || text[index] === 'E') {
    index += text[index + 1] === '+' || text[index + 1] === '-' ? 2 : 1;
    if (digits() === 0) {
      return false;
    }
  }
  return index === text.length;
}

/** The rest of a string behind its opening quote, unescaped (RFC 8259 section 7). */
function scanString(scanner: Scanner, start: number): string {
  let text = '';
  while (!scanner.atEnd) {
    const character = scanner.next();
    if (character === '"') {
      requirePrintable(scanner, text, start);
      return text;
    }
    if (character < ' ') {
      throw scanner.error('A control character stands unescaped in a quoted value', scanner.position - 1);
    }
    text += character === '\\' ? scanEscape(scanner) : character;
  }
  throw scanner.error('The closing quote is missing for the value that begins', start);
}

function scanEscape(scanner: Scanner): string {
  const start = scanner.position - 1;
  const letter = scanner.next();
  if (letter !== 'u') {
    const character = SHORT_ESCAPES.get(letter);
    if (character === undefined) {
      throw scanner.error('Unknown escape in a quoted value', start);
    }
    return character;
  }
  let code = 0;
  for (let count = 0; count < 4; count += 1) {
    const digit = hexDigit(scanner.next());
    if (digit < 0) {
      throw scanner.error('\\u needs four hexadecimal digits', start);
    }
    code = code * 16 + digit;
  }
  return String.fromCharCode(code);
}

/** No stored text has a NUL or half a character, and databases disagree about both: refuse them here. */
function requirePrintable(scanner: Scanner, text: string, start: number): void {
  if (text.includes('\0')) {
    throw scanner.error('A NUL character stands in the value', start);
  }
  if (!isWellFormed(text)) {
    throw scanner.error('Half a surrogate pair stands in the value', start);
  }
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function hexDigit(character: string): number {
  return character === '' ? -1 : '0123456789abcdef'.indexOf(asciiLowerCase(character));
}
