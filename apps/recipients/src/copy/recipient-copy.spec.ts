import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTenantId } from '@cleanmail/database';
import { type FeedRecipient, fingerprintOf, RecipientDigest, type RelayDomain } from '@cleanmail/mailboxes';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecipientCopy } from './recipient-copy.js';
import { SnapshotFile } from './snapshot-file.js';

const [a, b] = [asTenantId('tenant-a'), asTenantId('tenant-b')];
const row = (local: string, traits: Partial<FeedRecipient> = {}): FeedRecipient => ({
  key: `${local}@contoso.example`,
  mailboxId: `mailbox-${local}`,
  primary: `${local}@contoso.example`,
  action: 'accept',
  policyProfile: null,
  version: 1,
  ...traits,
});
const domain = (traits: Partial<RelayDomain> = {}): RelayDomain => ({
  tenantId: a,
  name: 'contoso.example',
  nameUnicode: 'contoso.example',
  status: 'verified',
  unknownRecipientPolicy: 'reject',
  subaddressing: 'plus',
  nextHop: null,
  ...traits,
});
const kindOf = (copy: RecipientCopy, local: string) => copy.find(`${local}@contoso.example`).decision.kind;

function digestOf(rows: readonly FeedRecipient[]) {
  const sum = new RecipientDigest();
  for (const each of rows) {
    const fingerprint = fingerprintOf(each);
    if (fingerprint !== undefined) sum.add(fingerprint);
  }
  return { count: sum.count, digest: sum.digest };
}

describe(RecipientCopy.name, () => {
  it('should have the last row of every address, and the digest of those, in whatever order they came', () => {
    const actions = fc.constantFrom('accept', 'reject', 'defer', 'hold', 'gone' as const);
    const change = fc.record({ local: fc.constantFrom('a', 'b', 'c', 'd'), action: actions, ofA: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const copy = new RecipientCopy();
        const last = new Map<string, FeedRecipient & { readonly ofA: boolean }>();
        for (const { local, action, ofA } of changes) {
          copy.apply(copy.tenant(ofA ? a : b), [row(local, { action })]);
          last.set(local, { ...row(local, { action }), ofA });
        }
        for (const tenant of [a, b]) {
          const rows = [...last.values()].filter(({ ofA }) => ofA === (tenant === a));
          const { digest, rows: count } = copy.tenant(tenant);
          expect({ count: digest.count, digest: digest.digest }).toEqual(digestOf(rows));
          expect(count).toBe(rows.length);
        }
        expect(copy.rows.size).toBe(last.size);
      }),
    );
  });

  it('should drop what a walk has not met, and nothing of another tenant', () => {
    const copy = new RecipientCopy();
    const [mine, other] = [copy.tenant(a), copy.tenant(b)];
    copy.apply(mine, [row('a'), row('b'), row('c', { action: 'gone' }), row('d')]);
    copy.apply(other, [row('x', { key: 'x@fabrikam.example' })]);
    mine.beginWalk();
    copy.apply(mine, [row('a')]);
    // What moves to another tenant during the walk is that one's.
    copy.apply(other, [row('d')]);
    expect(copy.countUnmet(mine)).toBe(1);
    expect(copy.countUnmet(other)).toBe(0);
    copy.dropUnmet(mine);
    expect([mine.rows, mine.digest.count, other.rows, copy.rows.size]).toEqual([1, 1, 2, 3]);
    copy.setDomains(mine, [domain()]);
    expect(['a', 'b', 'd'].map((local) => kindOf(copy, local))).toEqual([
      'mailbox',
      'unknownRecipient',
      'unknownRecipient',
    ]);
    copy.apply(mine, [row('e'), row('f')]);
    expect(copy.rows.size).toBe(5);
  });

  it('should leave a domain to its new owner when the one before hears of it later', () => {
    const copy = new RecipientCopy();
    copy.setDomains(copy.tenant(a), [domain()]);
    copy.setDomains(copy.tenant(b), [domain({ tenantId: b })]);
    copy.setDomains(copy.tenant(a), []);
    expect(copy.findDomain('CONTOSO.example.')?.tenantId).toBe(b);
    copy.setDomains(copy.tenant(b), []);
    expect(copy.findDomain('contoso.example')).toBeUndefined();
  });

  it('should hold more rows than it was made for', () => {
    const copy = new RecipientCopy();
    const rows = Array.from({ length: 5000 }, (_, number) => row(`u${number}`));
    copy.apply(copy.tenant(a), rows);
    expect(copy.tenant(a).digest.digest).toBe(digestOf(rows).digest);
    expect([kindOf(copy, 'u4999'), kindOf(copy, 'u5000')]).toEqual(['mailbox', 'unknownDomain']);
  });
});

describe(SnapshotFile.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cleanmail-snapshot-'));
  const path = join(folder, 'recipients.snapshot');
  const file = new SnapshotFile(path);
  const copy = new RecipientCopy();
  beforeAll(async () => {
    const [mine, other] = [copy.tenant(a), copy.tenant(b)];
    Object.assign(mine, { version: 7, isComplete: true });
    copy.apply(mine, [row('a'), row('b', { action: 'gone' }), row("{o'brien}", { action: 'hold' })]);
    copy.apply(
      other,
      Array.from({ length: 2500 }, (_, n) => row('', { key: `u${n}@xn--mller-kva.example` })),
    );
    copy.setDomains(mine, [domain(), domain({ name: 'second.example', nextHop: 'smtp:[10.0.0.1]' })]);
    await file.write(copy, 1234);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('should come back from disk as it was', async () => {
    const stored = await file.read();
    expect(stored?.freshAt).toBe(1234);
    expect(stored?.copy.rows.size).toBe(2503);
    for (const tenant of [a, b]) {
      const { digest, ...was } = copy.tenant(tenant);
      const { digest: sum, ...is } = stored?.copy.tenant(tenant) ?? copy.tenant(a);
      expect(is).toEqual(was);
      expect([sum.count, sum.digest]).toEqual([digest.count, digest.digest]);
    }
    expect(stored?.copy.findDomain('second.example')).toEqual(copy.findDomain('second.example'));
    expect(stored?.copy.find("{O'Brien}@contoso.example").decision).toMatchObject({ kind: 'mailbox', action: 'hold' });
  });

  it('should refuse a file that was cut, changed, or lengthened, and find none where none is', async () => {
    const whole = readFileSync(path, 'utf8');
    const lines = whole.split('\n');
    const broken = [
      '',
      whole.slice(0, whole.length / 2),
      lines.slice(0, -2).join('\n'),
      whole.replace(' hold ', ' accept '),
      whole.replace('"version":7', '"version":8'),
      `${whole}u1 0 gone 0 0\n`,
      whole.replace('recipients-1', 'recipients-2'),
    ];
    for (const text of broken) {
      writeFileSync(path, text);
      await expect(file.read()).rejects.toThrow();
    }
    expect(await new SnapshotFile(join(folder, 'none')).read()).toBeUndefined();
  });
});
