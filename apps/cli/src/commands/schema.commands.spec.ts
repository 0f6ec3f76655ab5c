import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { demoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';
import { readDocument } from './schema-document.js';

const urn = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User';
const document = { id: urn, attributes: [{ name: 'badge' }, { name: 'level', type: 'integer' }] };
const view = {
  id: urn,
  name: 'Contoso',
  description: '',
  resourceType: 'User',
  required: true,
  attributes: ['badge', 'level'],
  createdAt: '2026-11-21T00:00:00Z',
  updatedAt: '2026-11-21T00:00:00Z',
};
const path = `/admin/v1/tenants/${demoId}/schemas`;
const one = `${path}/${encodeURIComponent(urn)}`;
const whole = { ...view, schema: document };
const answer = service({
  [`GET ${path}`]: { status: 200, body: { items: [view] } },
  [`POST ${path}`]: { status: 201, body: whole },
  [`GET ${one}`]: { status: 200, body: whole },
  [`PUT ${one}`]: { status: 200, body: { ...whole, required: false } },
  [`DELETE ${one}`]: { status: 204, body: undefined },
});

describe('schema commands', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cleanmail-cli-'));
    file = join(folder, 'contoso.json');
    await writeFile(file, `\uFEFF${JSON.stringify(document)}`);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = async (...args: readonly string[]) => {
    const context = fakeContext({ answer });
    expect([await runCommand(['schema', ...args], context), context.err]).toEqual([0, expect.any(Array)]);
    return context;
  };

  it('should list as table and as JSON', async () => {
    const { out } = await run('list', 'Demo');
    expect(out).toEqual([
      `URN${' '.repeat(urn.length - 3)}  NAME     EXTENDS  REQUIRED  ATTRIBUTES`,
      `${urn}  Contoso  User     yes       2`,
    ]);
    expect(JSON.parse((await run('list', 'Demo', '--json')).out.join('\n'))).toEqual([view]);
  });

  it('should show the document, which can be sent back, and with --json all of it', async () => {
    expect(JSON.parse((await run('show', 'Demo', urn)).out.join('\n'))).toEqual(document);
    expect(JSON.parse((await run('show', 'Demo', urn, '--json')).out.join('\n'))).toEqual(whole);
  });

  it.each([
    [[], { resourceType: 'User', required: false }],
    [['--required'], { resourceType: 'User', required: true }],
    [['--resource-type', 'Group'], { resourceType: 'Group', required: false }],
  ])('should add the document of a file: %j', async (options, body) => {
    const context = await run('add', 'Demo', file, ...options);
    expect(context.requests.at(-1)).toMatchObject({ method: 'POST', path, body: { ...body, schema: document } });
    expect(context.out).toEqual([
      `URN:        ${urn}`, 'name:       Contoso', 'extends:    User', 'required:   yes', 'attributes: badge, level',
    ]); // prettier-ignore
  });

  it.each([
    [[], true],
    [['--no-required'], false],
    [['--required'], true],
  ])('should replace, and keep what is not said: %j', async (options, required) => {
    const context = await run('replace', 'Demo', urn, file, '--json', ...options);
    const body = { resourceType: 'User', required, schema: document };
    expect(context.requests.at(-1)).toMatchObject({ method: 'PUT', path: one, body });
    expect(JSON.parse(context.out.join('\n'))).toMatchObject({ required: false });
  });

  it('should ask before a schema is removed', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['schema', 'remove', 'Demo', urn], context)).toBe(2);
    expect(context.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(await runCommand(['schema', 'remove', 'Demo', urn, '--yes'], context)).toBe(0);
    expect(context.requests.at(-1)).toMatchObject({ method: 'DELETE', path: one });
    expect(context.err.at(-1)).toBe(`${urn} is removed; what is stored under it is kept and no longer shown.`);
  });

  it.each([
    ['{', 'is no JSON'],
    ['[]', 'holds no JSON object'],
    ['"x"', 'holds no JSON object'],
    ['', 'is no JSON'],
  ])('should exit 2 on a file with %j, without asking the service', async (content, text) => {
    await writeFile(file, content);
    const context = fakeContext({ answer });
    expect(await runCommand(['schema', 'add', 'Demo', file], context)).toBe(2);
    expect([context.requests, context.err]).toEqual([[], [expect.stringContaining(`${file} ${text}`)]]);
  });

  it('should exit 2 on a file that is not there, and on an unknown resource type', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['schema', 'add', 'Demo', join(folder, 'none.json')], context)).toBe(2);
    expect(context.err[0]).toContain('cannot be read (ENOENT)');
    expect(await runCommand(['schema', 'add', 'Demo', file, '--resource-type', 'Device'], context)).toBe(2);
    expect(context.requests).toEqual([]);
  });

  it('should pass on what is wrong with a schema in one line', async () => {
    const errors = [{ field: 'id', messages: ['must be a URN'] }];
    const refused = { [`POST ${path}`]: problem(400, 'id must be a URN.', errors) };
    const context = fakeContext({ answer: service(refused) });
    expect(await runCommand(['schema', 'add', 'Demo', file], context)).toBe(2);
    expect(context.err).toEqual(['cleanmail: id must be a URN: correct the value and try again']);
  });

  it('should read a document from standard input', async () => {
    expect(await readDocument('-', Readable.from([JSON.stringify(document)]))).toEqual(document);
    await expect(readDocument('-', Readable.from(['x']))).rejects.toThrow('standard input is no JSON');
  });
});
