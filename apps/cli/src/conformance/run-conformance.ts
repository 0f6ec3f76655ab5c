import { ScimConnection } from '../simulate/scim-connection.js';
import { ConformanceClient } from './conformance-client.js';
import { ConformanceOptionError, parseBaseUrl, type ConformanceOptions } from './conformance-options.js';
import { countResults, type ConformanceReport, type RequirementResult } from './conformance-report.js';
import { describeExchange, exchangeOf, type Exchange } from './exchange.js';
import type { Requirement } from './requirement.js';
import { requirementsOf } from './requirements/index.js';
import { readServerConfig, type DiscoveryDocuments } from './server-config.js';
import { NotApplicable, NotTried, Violation } from './violation.js';

/**
 * Tries every requirement of the RFCs against a SCIM server and deletes what it made, also when it is interrupted.
 * Rejects with ConformanceOptionError and when the signal is aborted, never because of an answer.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const url = parseBaseUrl(options.url);
  const requirements = requirementsOf(options.section);
  if (requirements.length === 0) throw new ConformanceOptionError(`no requirement is in section ${options.section}`);
  const { token, timeoutMs = 60_000, domain = 'conformance.example' } = options;
  const connection = new ScimConnection({ baseUrl: url, token, concurrency: 8, timeoutMs });
  try {
    const config = readServerConfig(await discover(connection), options.usersOnly === true);
    const client = new ConformanceClient(connection, options.signal, config, domain);
    const { results, leftBehind } = await tryAll(requirements, client, options.onProgress);
    const counts = countResults(results);
    return { url, section: options.section, requests: client.requests, counts, results, leftBehind };
  } finally {
    connection.close();
  }
}

async function tryAll(
  requirements: readonly Requirement[],
  client: ConformanceClient,
  onProgress: ConformanceOptions['onProgress'],
): Promise<Pick<ConformanceReport, 'results' | 'leftBehind'>> {
  const results: RequirementResult[] = [];
  let leftBehind: readonly string[] = [];
  try {
    for (const requirement of requirements) {
      onProgress?.({ phase: requirement.section, done: results.length, total: requirements.length });
      results.push(await tryOut(requirement, client));
    }
  } finally {
    leftBehind = await client.cleanUp();
  }
  return { results, leftBehind };
}

async function tryOut(requirement: Requirement, client: ConformanceClient): Promise<RequirementResult> {
  const { id, section, level, title } = requirement;
  const applies = requirement.appliesTo(client.config);
  const { outcome, evidence } = applies === true ? await judge(requirement, client) : inapplicable(applies);
  return { id, section, level, title, outcome, evidence: client.withoutNames(evidence) };
}

type Judgement = Pick<RequirementResult, 'outcome' | 'evidence'>;

async function judge({ check }: Requirement, client: ConformanceClient): Promise<Judgement> {
  client.startCheck();
  try {
    await check(client);
    const last = client.lastExchange;
    return { outcome: 'pass', evidence: last === undefined ? 'the discovery documents' : describeExchange(last) };
  } catch (error) {
    if (error instanceof NotApplicable) return inapplicable(error.message);
    if (!(error instanceof Violation || error instanceof NotTried)) throw error;
    const outcome = error instanceof NotTried ? 'not tried' : 'fail';
    return { outcome, evidence: `${describeExchange(error.exchange)}: ${error.message}` };
  } finally {
    await client.discard('check');
  }
}

function inapplicable(reason: string): Judgement {
  return { outcome: 'n/a', evidence: reason };
}

async function discover(connection: ScimConnection): Promise<DiscoveryDocuments> {
  const read = async (path: string): Promise<Exchange> => {
    const headers = { Accept: 'application/scim+json' };
    return exchangeOf('GET', path, await connection.send({ method: 'GET', path, headers }));
  };
  return {
    serviceProviderConfig: await read('/ServiceProviderConfig'),
    resourceTypes: await read('/ResourceTypes'),
    schemas: await read('/Schemas'),
  };
}
