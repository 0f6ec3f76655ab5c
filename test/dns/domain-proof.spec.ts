import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DnsTxtResolver, DomainProof, type MailDomain } from '@cleanmail/mailboxes';
import { type DnsBehaviour, type DnsServer, startDnsServer } from '../support/dns-server.js';

const token = '0123456789abcdef0123456789abcdef';
const text = `cleanmail-verification=${token}`;
const [name, apex] = ['_cleanmail.contoso.example', 'contoso.example'];

const contoso: MailDomain = {
  id: '019a0000-0000-7000-8000-000000000001',
  name: apex,
  nameAscii: apex,
  status: 'pending',
  createdAt: 0,
  verifiedAt: null,
  verifiedBy: null,
  verifyToken: token,
  lastCheckAt: null,
  checkFailedSince: null,
  settledAt: null,
  transferTo: null,
  unknownRecipientPolicy: 'defer',
  subaddressing: 'plus',
  nextHop: null,
};

describe(DomainProof.name, () => {
  let dns: DnsServer;
  let proof: DomainProof;

  beforeAll(async () => {
    dns = await startDnsServer();
    proof = new DomainProof(new DnsTxtResolver([dns.address]));
  });
  beforeEach(() => dns.zone.clear());
  afterAll(() => dns.close());

  it.each([
    ['at the name of its own', name, [text]],
    ['at the apex', apex, [text]],
    ['among other records', apex, ['v=spf1 -all', text, 'MS=ms123']],
    ['with quotes and blanks that a panel added', name, [` "${text}" `]],
    ['in two strings of one record', name, [[text.slice(0, 10), text.slice(10)]]],
    ['as the last of a thousand records', apex, [...Array.from({ length: 999 }, (_, i) => `other record ${i}`), text]],
    ['beside a record that fills the answer', apex, ['x'.repeat(60_000), text]],
  ])('should find the record %s', async (_, at, txt) => {
    dns.zone.set(at, { txt });
    expect(await proof.look(contoso)).toMatchObject({ outcome: 'found' });
  });

  it('should ask again over TCP when the answer does not fit', async () => {
    dns.zone.set(apex, { txt: ['y'.repeat(2000), text] });
    expect(await proof.look(contoso)).toMatchObject({ outcome: 'found' });
    expect(dns.asked).toContainEqual({ name: apex, over: 'tcp' });
  });

  it.each([
    ['nothing at all', {}, 'missing', `${name}: no such name; ${apex}: no such name`],
    ['no TXT record', { [apex]: 'no data' }, 'missing', `${apex}: no TXT record`],
    [
      'other records',
      { [apex]: { txt: ['v=spf1 -all'] } },
      'missing',
      `${apex}: 1 TXT record, not this one ("v=spf1 -all")`,
    ],
    ['the token of somebody else', { [name]: { txt: [`${text}0`] } }, 'missing', `("${text}0")`],
    ['a token in another case', { [name]: { txt: [text.toUpperCase()] } }, 'missing', '1 TXT record, not this one'],
    ['a name that points to itself', { [name]: { cname: name } }, 'missing', `${name}: no TXT record`],
    [
      'names that point to each other',
      { [name]: { cname: apex }, [apex]: { cname: name } },
      'missing',
      'no TXT record',
    ],
    ['a failing server', { [name]: 'SERVFAIL', [apex]: 'SERVFAIL' }, 'unknown', '(SERVFAIL)'],
    ['a server that refuses', { [name]: 'REFUSED', [apex]: 'REFUSED' }, 'unknown', '(REFUSED)'],
    ['a server that says nothing', { [name]: 'silent' }, 'unknown', `${name}: no DNS server answered in time`],
    [
      'a server that answers another question',
      { [name]: 'liar' },
      'unknown',
      `${name}: no DNS server answered in time`,
    ],
  ] as const)('should say what it found, with %s', async (_, zone, outcome, words) => {
    for (const [at, behaviour] of Object.entries<DnsBehaviour>(zone)) dns.zone.set(at, behaviour);
    const found = await proof.look(contoso);
    expect(found).toMatchObject({ outcome, words: expect.stringContaining(words) });
    expect(found.words).toContain(`Publish a TXT record named ${name} (or ${apex}) with the text "${text}"`);
  });

  it('should not take bytes that are no answer for one', async () => {
    dns.zone.set(name, 'garbage');
    dns.zone.set(apex, 'garbage');
    expect(await proof.look(contoso)).toMatchObject({ outcome: 'unknown' });
  });

  it('should believe the name that proves it when the other one fails', async () => {
    dns.zone.set(name, 'SERVFAIL');
    dns.zone.set(apex, { txt: [text] });
    expect(await proof.look(contoso)).toMatchObject({ outcome: 'found' });
  });

  it('should keep what strangers published short and printable', async () => {
    dns.zone.set(apex, {
      txt: ['\u001b[31mred\u0000"', 'z'.repeat(40_000), ...Array.from({ length: 998 }, () => 'spam')],
    });
    const { words } = await proof.look(contoso);
    expect(words).toContain('1000 TXT records, not this one');
    expect(words).toContain('"?[31mred??", "zzzz');
    expect(words).toContain('and 995 more)');
    expect(words.length).toBeLessThan(1000);
  });

  it('should say so when no server can be reached', async () => {
    const gone = await startDnsServer();
    await gone.close();
    const found = await new DomainProof(new DnsTxtResolver([gone.address])).look(contoso);
    expect(found).toMatchObject({ outcome: 'unknown', words: expect.stringContaining('no DNS server') });
  });
});
