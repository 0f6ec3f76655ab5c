import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfiguration } from './configuration.js';
import { ConfigurationError } from './configuration-error.js';

const server = 'mysql://root@127.0.0.1:3306/cleanmail';

describe(readConfiguration.name, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cleanmail-config-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('should generate an admin key of 256 bits into a file that only its owner can read', () => {
    const { adminKey, adminKeyFile } = readConfiguration({ DATA_DIR: folder });
    expect(adminKey).toMatch(/^[\w-]{43}$/);
    expect(adminKeyFile).toEqual({ value: adminKey, path: join(folder, 'admin.key'), created: true });
    expect(statSync(join(folder, 'admin.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'admin.key'), 'utf8').trim()).toBe(adminKey);
  });

  it('should have the same admin key and pepper after a restart', () => {
    const first = readConfiguration({ DATA_DIR: folder });
    const second = readConfiguration({ DATA_DIR: folder });
    expect(second.adminKey).toBe(first.adminKey);
    expect(second.adminKeyFile?.created).toBe(false);
    expect(second.tokenPepper).toBe(first.tokenPepper);
    expect(first.tokenPepper).toMatch(/^[\w-]{43}$/);
    expect(first.tokenPepper).not.toBe(first.adminKey);
  });

  it('should close a key file that others could read', () => {
    writeFileSync(join(folder, 'admin.key'), 'a-key-that-was-copied\n', { mode: 0o644 });
    expect(readConfiguration({ DATA_DIR: folder }).adminKey).toBe('a-key-that-was-copied');
    expect(statSync(join(folder, 'admin.key')).mode & 0o777).toBe(0o600);
  });

  it.each(['admin.key', 'token.pepper'])('should never take an empty %s for a secret', (name) => {
    writeFileSync(join(folder, name), '\n');
    expect(() => readConfiguration({ DATA_DIR: folder })).toThrow(ConfigurationError);
    expect(() => readConfiguration({ DATA_DIR: folder })).toThrow(
      new RegExp(`^DATA_DIR: .*${name}.*Example: DATA_DIR=`),
    );
  });

  it('should make the data directory when it is not there', () => {
    const { dataDirectory } = readConfiguration({ DATA_DIR: join(folder, 'a', 'b') });
    expect(dataDirectory).toBe(join(folder, 'a', 'b'));
    expect(statSync(join(folder, 'a', 'b', 'admin.key')).isFile()).toBe(true);
  });

  it('should leave the disk alone when everything is given', () => {
    const configuration = readConfiguration({
      DATA_DIR: join(folder, 'never-made'),
      DATABASE_URL: server,
      ADMIN_KEY: 'given',
      TOKEN_PEPPER: 'pepper',
    });
    expect(configuration).toMatchObject({ adminKey: 'given', tokenPepper: 'pepper' });
    expect(configuration).not.toHaveProperty('adminKeyFile');
    expect(() => statSync(join(folder, 'never-made'))).toThrow('ENOENT');
  });

  it('should put the embedded database into the data directory', () => {
    const { database } = readConfiguration({ DATA_DIR: folder });
    expect(database).toEqual({ kind: 'sqlite', path: join(folder, 'cleanmail.db') });
  });

  it.each([undefined, ''])('should require a pepper with MySQL, where it is %j', (pepper) => {
    expect(() => readConfiguration({ DATA_DIR: folder, DATABASE_URL: server, TOKEN_PEPPER: pepper })).toThrow(
      /^TOKEN_PEPPER: is required with MySQL[^\n]*\. Example: TOKEN_PEPPER=\S+$/,
    );
  });

  it('should name DATA_DIR when it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => readConfiguration({ DATA_DIR: join(folder, 'file', 'data') })).toThrow(
      /^DATA_DIR: cannot be written \([^\n]*\)\. Example: DATA_DIR=\.\/data$/,
    );
  });

  it('should name DATABASE_URL when it is wrong', () => {
    expect(() => readConfiguration({ DATA_DIR: folder, DATABASE_URL: 'oracle://x/y' })).toThrow(/^DATABASE_URL: /);
  });

  it('should drop slashes at the end of the public URL', () => {
    const { publicScimUrl } = readConfiguration({ DATA_DIR: folder, PUBLIC_SCIM_URL: 'https://cloud.cleanmail.ch//' });
    expect(publicScimUrl).toBe('https://cloud.cleanmail.ch');
  });

  it('should split the list of proxies', () => {
    const { trustedProxies } = readConfiguration({ DATA_DIR: folder, TRUST_PROXY: '10.0.0.0/8, 192.168.1.1' });
    expect(trustedProxies).toEqual(['10.0.0.0/8', '192.168.1.1']);
  });
});
