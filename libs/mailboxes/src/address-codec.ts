import { domainToASCII, domainToUnicode } from 'node:url';

/** A mail address in the form in which it is looked up, beside the form in which it was given. */
export interface CanonicalAddress {
  /** `local@domain`, lower case, domain as A-labels: the key of claims and of the recipient read model. */
  readonly key: string;
  readonly localKey: string;
  readonly localDisplay: string;
  readonly domainAscii: string;
}

/** Why a text is no address that a mailbox can have. */
export type AddressProblem = 'invalid_syntax' | 'unsupported_utf8';

/** A mail domain as A-labels (the key) and as U-labels (for people). */
export interface CanonicalDomain {
  readonly ascii: string;
  readonly unicode: string;
}

const longestLocalPart = 64;
const longestDomain = 253;
const longestAddress = 254;
const atextPunctuation = new Set("!#$%&'*+-/=?^_`{|}~");

/**
 * Reads a mail address (RFC 5321 section 4.1.2, dot-string form only). Quoted local parts are refused because no
 * gateway looks them up reliably; local parts outside ASCII because Exchange Online cannot host them.
 */
export function parseAddress(raw: string): CanonicalAddress | AddressProblem {
  const at = raw.lastIndexOf('@');
  const local = raw.slice(0, at);
  if (at < 1 || raw.length > longestAddress + longestLocalPart) {
    return 'invalid_syntax';
  }
  const domain = parseDomain(raw.slice(at + 1));
  if (domain === undefined) {
    return 'invalid_syntax';
  }
  if (!isAscii(local)) {
    return 'unsupported_utf8';
  }
  const key = `${local.toLowerCase()}@${domain.ascii}`;
  if (!isDotString(local) || local.length > longestLocalPart || key.length > longestAddress) {
    return 'invalid_syntax';
  }
  return { key, localKey: local.toLowerCase(), localDisplay: local, domainAscii: domain.ascii };
}

/**
 * The keys under which a gateway looks a recipient up, best first: the address itself, then, where the domain allows
 * subaddresses, what stands before the `+`. None for a text that nobody's address can be, however odd.
 */
export function recipientKeys(raw: string, subaddressing: 'plus' | 'off' = 'plus'): readonly string[] {
  const address = parseAddress(raw);
  if (typeof address === 'string') {
    return [];
  }
  const plus = address.localKey.indexOf('+');
  const hasBase = subaddressing === 'plus' && plus > 0;
  return hasBase ? [address.key, `${address.localKey.slice(0, plus)}@${address.domainAscii}`] : [address.key];
}

/** What became of a text that was to be an address. */
export type ParsedAddress =
  | { readonly ok: true; readonly value: CanonicalAddress & { readonly baseKey: string | undefined } }
  | { readonly ok: false; readonly problem: AddressProblem };

/** The one reading of mail addresses, without input or output: what provisioning, gateways and other services share. */
export const AddressCodec = {
  /** Reads an address; `baseKey` is the key of what stands before its `+`, where the domain allows subaddresses. */
  parse(raw: string, { subaddressing = 'plus' }: { readonly subaddressing?: 'plus' | 'off' } = {}): ParsedAddress {
    const address = parseAddress(raw.trim());
    return typeof address === 'string'
      ? { ok: false, problem: address }
      : { ok: true, value: { ...address, baseKey: recipientKeys(raw.trim(), subaddressing)[1] } };
  },

  /** Whether two texts are one address, however they are written; a text that is no address is none. */
  same(a: string, b: string): boolean {
    const [left, right] = [parseAddress(a.trim()), parseAddress(b.trim())];
    return typeof left !== 'string' && typeof right !== 'string' && left.key === right.key;
  },
} as const;

/** Reads a domain name in either form; undefined when mail cannot be addressed to it. */
export function parseDomain(raw: string): CanonicalDomain | undefined {
  const withoutRoot = raw.endsWith('.') ? raw.slice(0, -1) : raw;
  if (withoutRoot === '' || withoutRoot.length > longestDomain || !isAsciiOrLetters(withoutRoot)) {
    return undefined;
  }
  const ascii = domainToASCII(withoutRoot.normalize('NFC')).toLowerCase();
  const labels = ascii.split('.');
  const isHostName = labels.length >= 2 && labels.every(isLabel) && !isNumeric(labels.at(-1) ?? '');
  return isHostName && ascii.length <= longestDomain ? { ascii, unicode: domainToUnicode(ascii) } : undefined;
}

function isDotString(local: string): boolean {
  return local.split('.').every((atom) => atom !== '' && [...atom].every(isAtext));
}

function isAtext(character: string): boolean {
  return isLetterOrDigit(character) || atextPunctuation.has(character);
}

/** A label of letters, digits and inner hyphens (RFC 5890's LDH rule). */
function isLabel(label: string): boolean {
  const isLdh = [...label].every((character) => isLetterOrDigit(character) || character === '-');
  return label.length >= 1 && label.length <= 63 && isLdh && !label.startsWith('-') && !label.endsWith('-');
}

function isNumeric(label: string): boolean {
  return [...label].every((character) => character >= '0' && character <= '9');
}

function isLetterOrDigit(character: string): boolean {
  const lower = character.toLowerCase();
  return (
    character.length === 1 &&
    ((lower >= 'a' && lower <= 'z' && isAscii(character)) || (character >= '0' && character <= '9'))
  );
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) {
      return false;
    }
  }
  return true;
}

/** `domainToASCII` accepts what is no domain at all, such as full-width digits, ports and addresses; letters beyond ASCII are names. */
function isAsciiOrLetters(domain: string): boolean {
  return (
    [...domain].every(
      (character) => isLetterOrDigit(character) || character === '-' || character === '.' || character > '\u00a0',
    ) && ![...domain].some((character) => character >= '\uff00' && character <= '\uffef')
  );
}
