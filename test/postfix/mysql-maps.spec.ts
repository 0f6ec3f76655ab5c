import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import { libsFor } from '../contract/support/libs.js';
import { availableEngines, type TestEngine } from '../support/engines/index.js';
import { inSession, type PostfixInstance, startPostfix } from '../support/postfix/postfix-instance.js';
import { describeWithPostfix } from '../support/postfix/postfix-program.js';
import { recipeSql } from '../support/postfix/recipes.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { answersOf, expectedLines } from './answers.js';
import { expectOwnWays } from './deliveries.js';
import { decomposedAddress, expectedAnswers } from './expected-answers.js';
import { makeScene, type Scene, setActive } from './scene.js';

for (const engine of availableEngines().filter(({ name }) => name !== 'sqlite')) {
  describeWithPostfix(`mysql: maps on ${engine.name} ${engine.version}`, ['mysql'], () => {
    const libs = libsFor(engine);
    let scene: Scene;
    let proxy: TcpProxy;
    let postfix: PostfixInstance;
    let account: Account;

    beforeAll(async () => {
      scene = await makeScene(libs());
      account = await readerOf(engine, libs().databaseUrl);
      const { hostname, port } = new URL(engine.url);
      proxy = await startTcpProxy({ host: hostname, port: Number(port) });
      const replace = { ...account.replace, '127.0.0.1:3306': `127.0.0.1:${proxy.port}` };
      postfix = await startPostfix({ recipe: 'A', replace });
    });
    afterAll(async () => {
      await postfix?.stop();
      await proxy?.close();
      await account?.drop();
    });

    it('should answer every recipient as the documentation says, with SELECT on two tables alone', async () => {
      expect(await answersOf(postfix)).toEqual(expectedLines);
    });

    it('should let the gateway read nothing else', async () => {
      await expect(account.read('SELECT COUNT(*) FROM mailbox_account')).rejects.toMatchObject({ errno: 1142 });
      await expect(account.read('DELETE FROM mail_recipient')).rejects.toMatchObject({ errno: 1142 });
    });

    it('postmaster@/abuse@ of a verified domain: accepted (role mailbox), never a seat', async () => {
      const addresses = ['postmaster@acme.example', 'abuse@acme.example'];
      await inSession(postfix, async (session) => {
        await session.mail();
        for (const address of addresses) expect(await session.rcpt(address)).toBe('250 2.1.5 Ok');
      });
      for (const address of addresses)
        expect(await libs().mailboxes.list(scene.acme, { address, limit: 1 })).toMatchObject([
          { kind: 'role', seat: false },
        ]);
    });

    it('Subdomain x@sub.acme.example: not covered by acme.example', async () => {
      await inSession(postfix, async (session) => {
        await session.mail();
        expect(await session.rcpt('#7@acme.example')).toBe('250 2.1.5 Ok');
        expect(await session.rcpt('anna@sub.acme.example')).toBe('554 5.7.1 Relay access denied');
      });
    });

    it('should see a change of status at the next RCPT of the same session, in both directions', async () => {
      const { acme, users } = scene;
      const seen = await inSession(postfix, async (session) => {
        await session.mail();
        const before = await session.rcpt('ida@acme.example');
        await setActive(libs(), acme, users.ida, false);
        const suspended = await session.rcpt('ida@acme.example');
        await setActive(libs(), acme, users.ida, true);
        return [before, suspended, await session.rcpt('ida@acme.example')];
      });
      expect(seen).toEqual(['250 2.1.5 Ok', '550 5.2.1 Mailbox disabled', '250 2.1.5 Ok']);
    });

    it('should not know U-labels in decomposed form', async () => {
      await inSession(postfix, async (session) => {
        await session.mail({ utf8: true });
        expect(await session.rcpt(decomposedAddress)).toMatch(/^554 /);
      });
    });

    it('Message to recipients of two tenants, one on hold: the other is delivered at once', async () => {
      await expectOwnWays(postfix);
    });

    it('RCPT during DB outage: 451, never 550', async () => {
      await proxy.cut();
      await postfix.reload();
      const replies = await inSession(postfix, async (session) => {
        await session.mail();
        const all: string[] = [];
        for (const [title, address] of expectedAnswers)
          if (!title.startsWith('two @')) all.push(`${await session.rcpt(address)} ${address}`);
        return all;
      });
      expect(replies.filter((reply) => !reply.startsWith('451 '))).toEqual([]);
      await proxy.restore();
      await postfix.reload();
      await inSession(postfix, async (session) => {
        await session.mail();
        expect(await session.rcpt('anna@acme.example')).toBe('250 2.1.5 Ok');
      });
    });
  });
}

interface Account {
  readonly replace: Readonly<Record<string, string>>;
  /** Runs a statement as the gateway's user. */
  read(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

/** Runs the statements of the documentation, for a user and a database of this test. */
async function readerOf(engine: TestEngine, databaseUrl: string): Promise<Account> {
  const name = `postfix_${process.pid}`;
  const database = new URL(databaseUrl).pathname.slice(1);
  const replace = { cleanmail: database, "'postfix'@'127.0.0.1'": `'${name}'@'%'` };
  const connection = await mysql.createConnection(engine.url);
  try {
    await connection.query(`DROP USER IF EXISTS '${name}'@'%'`);
    for (const statement of recipeSql('A')) {
      const changed = Object.entries(replace).reduce((sql, [from, to]) => sql.replaceAll(from, to), statement);
      await connection.query(changed);
    }
  } finally {
    await connection.end();
  }
  return {
    replace: { 'user = postfix': `user = ${name}`, 'dbname = cleanmail': `dbname = ${database}` },
    read: async (sql) => {
      const gateway = await mysql.createConnection({ uri: databaseUrl, user: name, password: 'change-me' });
      return gateway.query(sql).finally(() => gateway.end());
    },
    drop: async () => {
      const last = await mysql.createConnection(engine.url);
      await last.query(`DROP USER IF EXISTS '${name}'@'%'`);
      await last.end();
    },
  };
}
