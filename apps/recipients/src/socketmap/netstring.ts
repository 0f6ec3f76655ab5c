/** What came is no netstring, or one that is longer than allowed; nothing behind it on the connection can be read. */
export class NetstringError extends Error {
  override readonly name = NetstringError.name;
}

const none: Buffer = Buffer.alloc(0);
const colon = 0x3a;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;

/** Reads netstrings (`5:hello,`) out of a stream that is cut anywhere. */
export class NetstringReader {
  private rest = none;

  /** @param longest the longest payload, in bytes; what is kept of an unfinished one is never much longer */
  constructor(private readonly longest: number) {}

  /** The payloads that a chunk completes. @throws NetstringError behind those that came before the malformed one. */
  *read(chunk: Buffer): Generator<Buffer, void, void> {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = none;
    let start = 0;
    while (start < bytes.length) {
      const head = this.readLength(bytes, start);
      const end = head === undefined ? bytes.length : head.start + head.length;
      if (head === undefined || end >= bytes.length) {
        // A copy: the chunk may be a slice of something much longer.
        this.rest = Buffer.from(bytes.subarray(start));
        return;
      }
      if (bytes[end] !== comma) {
        throw new NetstringError('a netstring does not end with a comma');
      }
      yield bytes.subarray(head.start, end);
      start = end + 1;
    }
  }

  /** The length of the payload and where that begins; undefined while the digits have not ended. */
  private readLength(bytes: Buffer, start: number): { readonly start: number; readonly length: number } | undefined {
    let length = 0;
    for (let index = start; index < bytes.length; index += 1) {
      const byte = bytes[index] ?? 0;
      if (byte === colon && index > start) {
        return { start: index + 1, length };
      }
      const isLeadingZero = index > start && length === 0;
      if (byte < zero || byte > nine || isLeadingZero) {
        throw new NetstringError('a netstring does not begin with its length');
      }
      length = length * 10 + (byte - zero);
      if (length > this.longest) {
        throw new NetstringError(`a request is longer than ${this.longest} bytes`);
      }
    }
    return undefined;
  }
}

/** A text as a netstring in UTF-8. */
export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}
