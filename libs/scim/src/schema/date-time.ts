/**
 * Reads an xsd:dateTime (RFC 7643 section 2.3.5) and gives the instant as `YYYY-MM-DDTHH:mm:ss.sssZ`, or undefined
 * when the text is none. Without a zone it is UTC; digits beyond milliseconds are cut off.
 */
export function normaliseDateTime(text: string): string | undefined {
  const reader = new DateTimeReader(text);
  const [year, month, day] = [reader.number(4), reader.after('-', 2), reader.after('-', 2)];
  const [hour, minute, second] = [reader.after('T', 2), reader.after(':', 2), reader.after(':', 2)];
  const milliseconds = reader.fraction();
  const offset = reader.zone();
  if (!reader.isComplete || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, milliseconds);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) {
    return undefined;
  }
  const instant = new Date(local.getTime() - offset * 60_000);
  const year4 = instant.getUTCFullYear();
  return year4 >= 0 && year4 <= 9999 ? instant.toISOString() : undefined;
}

/** Walks over the text once; after the first misfit it stays failed. */
class DateTimeReader {
  private position = 0;
  private failed = false;

  constructor(private readonly text: string) {}

  get isComplete(): boolean {
    return !this.failed && this.position === this.text.length;
  }

  number(digits: number): number {
    let value = 0;
    for (let count = 0; count < digits; count += 1) {
      const digit = this.digit();
      if (digit === undefined) {
        this.failed = true;
        return 0;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  after(separator: string, digits: number): number {
    if (!this.skip(separator)) {
      this.failed = true;
    }
    return this.number(digits);
  }

  /** The fraction of a second in milliseconds. */
  fraction(): number {
    if (!this.skip('.')) {
      return 0;
    }
    let value = 0;
    let scale = 100;
    let digit = this.digit();
    this.failed ||= digit === undefined;
    while (digit !== undefined) {
      value += Math.trunc(digit * scale);
      scale /= 10;
      digit = this.digit();
    }
    return value;
  }

  /** The offset from UTC in minutes. */
  zone(): number {
    if (this.position === this.text.length || this.skip('Z')) {
      return 0;
    }
    const sign = this.skip('-') ? -1 : 1;
    if (sign === 1 && !this.skip('+')) {
      this.failed = true;
      return 0;
    }
    const hours = this.number(2);
    const minutes = this.after(':', 2);
    this.failed ||= minutes > 59 || hours * 60 + minutes > 14 * 60;
    return sign * (hours * 60 + minutes);
  }

  private skip(character: string): boolean {
    if (this.text[this.position] !== character) {
      return false;
    }
    this.position += 1;
    return true;
  }

  private digit(): number | undefined {
    const code = this.text.charCodeAt(this.position) - 0x30;
    if (!(code >= 0 && code <= 9)) {
      return undefined;
    }
    this.position += 1;
    return code;
  }
}
