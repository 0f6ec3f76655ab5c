import { Resolver } from 'node:dns/promises';
import { type TxtAnswer, TxtResolver } from './txt-resolver.js';

/** How long the whole look-up of a name may take, in milliseconds, over all servers and tries. */
const timeLimit = 5000;
const timeOfOneTry = 1500;
const tries = 2;
/** More than this is not read: a name with so many records was not set up for us. */
const mostRecords = 1000;

const failures: Readonly<Record<string, string>> = {
  ETIMEOUT: 'no DNS server answered in time',
  ECANCELLED: 'no DNS server answered in time',
  ECONNREFUSED: 'no DNS server could be reached',
  ESERVFAIL: 'the DNS servers of the domain failed (SERVFAIL)',
  EREFUSED: 'the DNS server refused to answer (REFUSED)',
  EFORMERR: 'the DNS server could not read the question (FORMERR)',
  ENOTIMP: 'the DNS server does not answer such questions (NOTIMP)',
  EBADRESP: 'the answer of the DNS server could not be read',
};

/** Asks the DNS servers of the system, or the given ones (`192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:53`). */
export class DnsTxtResolver extends TxtResolver {
  constructor(private readonly servers: readonly string[] = []) {
    super();
  }

  async lookUp(name: string): Promise<TxtAnswer> {
    // One for each look-up: only a whole resolver can be told to give up.
    const resolver = new Resolver({ timeout: timeOfOneTry, tries });
    if (this.servers.length > 0) {
      resolver.setServers(this.servers);
    }
    const deadline = setTimeout(() => resolver.cancel(), timeLimit);
    try {
      const records = await resolver.resolveTxt(name);
      // Names that only point to other names give an empty list.
      return records.length === 0
        ? { kind: 'none', reason: 'no TXT record' }
        : { kind: 'records', records: records.slice(0, mostRecords).map((strings) => strings.join('')) };
    } catch (error) {
      return answerOf((error as NodeJS.ErrnoException).code ?? '');
    } finally {
      clearTimeout(deadline);
    }
  }
}

function answerOf(code: string): TxtAnswer {
  switch (code) {
    case 'ENOTFOUND':
      return { kind: 'none', reason: 'no such name' };
    case 'ENODATA':
      return { kind: 'none', reason: 'no TXT record' };
    default:
      return { kind: 'failed', reason: failures[code] ?? `the DNS look-up failed (${code})` };
  }
}
