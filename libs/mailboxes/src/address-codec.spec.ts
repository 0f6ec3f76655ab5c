import { describe, expect, it } from '@jest/globals';
import { AddressCodec, parseAddress, parseDomain } from './address-codec.js';

function keyOf(raw: string): string {
  const parsed = parseAddress(raw);
  return typeof parsed === 'string' ? parsed : parsed.key;
}

describe(parseAddress.name, () => {
  it('should give the key in lower case and keep the local part as it was given', () => {
    expect(parseAddress('Anna.Muster@Contoso.CH')).toEqual({
      key: 'anna.muster@contoso.ch',
      localKey: 'anna.muster',
      localDisplay: 'Anna.Muster',
      domainAscii: 'contoso.ch',
    });
  });

  it.each([
    ['a plus sign', 'anna+list@contoso.ch', 'anna+list@contoso.ch'],
    ['a leading plus sign', '+x@contoso.ch', '+x@contoso.ch'],
    ['all of atext', "!#$%&'*+-/=?^_`{|}~@contoso.ch", "!#$%&'*+-/=?^_`{|}~@contoso.ch"],
    ['digits only', '007@contoso.ch', '007@contoso.ch'],
    [
      'a guest of Entra',
      'bob_partner.example#EXT#@contoso.onmicrosoft.com',
      'bob_partner.example#ext#@contoso.onmicrosoft.com',
    ],
    ['a local part of 64', `${'a'.repeat(64)}@contoso.ch`, `${'a'.repeat(64)}@contoso.ch`],
    ['a trailing dot behind the domain', 'anna@contoso.ch.', 'anna@contoso.ch'],
    ['a subdomain', 'anna@mail.contoso.ch', 'anna@mail.contoso.ch'],
  ])('should take %s', (_, raw, key) => {
    expect(keyOf(raw)).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['no at sign', 'anna.contoso.ch'],
    ['no local part', '@contoso.ch'],
    ['no domain', 'anna@'],
    ['two at signs', 'anna@home@contoso.ch'],
    ['a quoted local part', '"anna muster"@contoso.ch'],
    ['a quoted dot-string', '"anna"@contoso.ch'],
    ['a blank inside', 'anna muster@contoso.ch'],
    ['a blank in front', ' anna@contoso.ch'],
    ['a blank behind', 'anna@contoso.ch '],
    ['a tab', 'an\tna@contoso.ch'],
    ['a NUL', 'an\0na@contoso.ch'],
    ['a line end that forges a header', 'anna\r\nBcc: x@contoso.ch'],
    ['a DEL', 'an\u007fna@contoso.ch'],
    ['a control character in the domain', 'anna@con\u0001toso.ch'],
    ['a dot in front', '.anna@contoso.ch'],
    ['a dot behind', 'anna.@contoso.ch'],
    ['two dots', 'anna..muster@contoso.ch'],
    ['a comma', 'anna,muster@contoso.ch'],
    ['angle brackets', '<anna@contoso.ch>'],
    ['a display name', 'Anna <anna@contoso.ch>'],
    ['a local part of 65', `${'a'.repeat(65)}@contoso.ch`],
    ['a domain literal', 'anna@[127.0.0.1]'],
    ['an address as domain', 'anna@127.0.0.1'],
    ['a host without a dot', 'anna@localhost'],
    ['a port', 'anna@contoso.ch:25'],
  ])('should find %s to be no address', (_, raw) => {
    expect(parseAddress(raw)).toBe('invalid_syntax');
  });

  it.each([
    'müller@contoso.ch',
    'straße@contoso.ch',
    'ΟΔΥΣΣΕΎΣ@contoso.ch',
    'ｊose@contoso.ch',
    '陳@contoso.ch',
    'an\ud800@contoso.ch',
  ])('should not support the local part of %s', (raw) => {
    expect(parseAddress(raw)).toBe('unsupported_utf8');
  });

  it('should take 254 octets and refuse 255', () => {
    const local = 'a'.repeat(64);
    const domainOf = (length: number) => {
      const rest = length - 64 * 2;
      return `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(rest - 4)}.com`;
    };
    expect(keyOf(`${local}@${domainOf(189)}`)).toHaveLength(254);
    expect(keyOf(`${local}@${domainOf(190)}`)).toBe('invalid_syntax');
  });

  it('should count a U-label domain by the octets of its A-labels', () => {
    const { length } = parseDomain(`${'ü'.repeat(30)}.${'ö'.repeat(50)}.${'ä'.repeat(30)}.example`)?.ascii ?? '';
    const domainOf = (octets: number) =>
      `${'a'.repeat(octets - length - 1)}.${'ü'.repeat(30)}.${'ö'.repeat(50)}.${'ä'.repeat(30)}.example`;
    expect(keyOf(`${'a'.repeat(64)}@${domainOf(189)}`)).toHaveLength(254);
    expect(keyOf(`${'a'.repeat(64)}@${domainOf(190)}`)).toBe('invalid_syntax');
  });

  it('should answer a text of any length at once', () => {
    const start = performance.now();
    expect(keyOf(`${'a.'.repeat(500_000)}@contoso.ch`)).toBe('invalid_syntax');
    expect(keyOf(`a@${'b.'.repeat(500_000)}ch`)).toBe('invalid_syntax');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe(parseDomain.name, () => {
  it.each([
    'müller.example',
    'MÜLLER.EXAMPLE',
    'Müller.Example.',
    'mu\u0308ller.example',
    'xn--mller-kva.example',
    'XN--MLLER-KVA.Example',
    'xn--mller-kva.example.',
    'müller。example',
  ])('should see one domain in %s', (raw) => {
    expect(parseDomain(raw)).toEqual({ ascii: 'xn--mller-kva.example', unicode: 'müller.example' });
  });

  it.each([
    ['straße.example', 'xn--strae-oqa.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['παράδειγμα.δοκιμή', 'xn--hxajbheg2az3al.xn--jxalpdlp'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['a-b.example', 'a-b.example'],
    ['1and1.example', '1and1.example'],
    ['4711.example', '4711.example'],
  ])('should take %s', (raw, ascii) => {
    expect(parseDomain(raw)?.ascii).toBe(ascii);
  });

  it.each([
    '',
    '.',
    'example',
    '.example.ch',
    'a..ch',
    'a.ch..',
    '127.1',
    '127.0.0.1',
    '0x7f.1',
    'a.0x4',
    'a.127',
    '１２７.example',
    'ｅxample.ch',
    'a_b.example',
    '-a.example',
    'a-.example',
    'a b.example',
    'a.example/x',
    'a.example:25',
    'a.example?x',
    'a.example#x',
    'u@a.example',
    'a%2eexample',
    'a.exam\tple',
    '[::1]',
    'xn--\u00e4.example',
    'xn--99999999.example',
    `${'a'.repeat(64)}.example`,
    `${'ü'.repeat(63)}.example`,
    `${'a.'.repeat(124)}example`,
    'a.\ud800',
  ])('should find %j to be no mail domain', (raw) => {
    expect(parseDomain(raw)).toBeUndefined();
  });

  it('should take 253 octets and refuse 254', () => {
    const domain = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`;
    expect(parseDomain(domain)?.ascii).toHaveLength(253);
    expect(parseDomain(`d${domain}`)).toBeUndefined();
    expect(parseDomain(`${domain}.`)?.ascii).toHaveLength(253);
  });
});

describe('AddressCodec', () => {
  it('should say what an address is, with what stands before its plus sign', () => {
    const value = { key: 'a+b@xn--bcher-kva.example', localKey: 'a+b', localDisplay: 'A+b', domainAscii: 'xn--bcher-kva.example' };
    expect(AddressCodec.parse(' A+b@Bücher.example. ')).toEqual({ ok: true, value: { ...value, baseKey: 'a@xn--bcher-kva.example' } });
    expect(AddressCodec.parse('A+b@bücher.example', { subaddressing: 'off' })).toEqual({ ok: true, value: { ...value, baseKey: undefined } });
    expect(AddressCodec.parse('a b@bücher.example')).toEqual({ ok: false, problem: 'invalid_syntax' });
    expect(AddressCodec.parse('jürg@bücher.example')).toEqual({ ok: false, problem: 'unsupported_utf8' });
  }); // prettier-ignore

  it.each([
    ['a@bücher.example', ' A@XN--BCHER-KVA.example. ', true],
    ['a@b.example', 'a+x@b.example', false],
    ['a@b.example', 'a@c.example', false],
    ['no address', 'no address', false],
  ])('should compare %j with %j', (left, right, isSame) => {
    expect([AddressCodec.same(left, right), AddressCodec.same(right, left)]).toEqual([isSame, isSame]);
  });
});
