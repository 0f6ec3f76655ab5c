import { availableEngines, type TestEngine } from '../../support/engines/index.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';

/** A UUID of version 7, as every id of the admin surface is. */
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** ISO 8601 in UTC with milliseconds. */
export const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A well-formed id that nobody has. */
export const unknownId = '01890000-0000-7000-8000-000000000000';

/** The admin listener of the running suite. */
export interface AdminSurface {
  readonly service: () => ServiceUnderTest;
  /** One request below `/admin/v1` with the admin key; a body goes as JSON unless a header says otherwise. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Exchange>;
  /** One request to the admin listener with just the given headers. */
  readonly plain: (method: string, path: string, headers?: Readonly<Record<string, string>>) => Promise<Exchange>;
}

/** Runs a service for the surrounding `describe` and speaks to its admin listener. */
export function adminSurface(engine: TestEngine): AdminSurface {
  const service = serviceForSuite(engine);
  return {
    service,
    call: (method, path, body, headers = {}) => {
      const { adminUrl: origin, adminKey } = service();
      const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const all = { Authorization: `Bearer ${adminKey}`, ...type, ...headers };
      return exchange({ method, origin, path: `/admin/v1${path}`, headers: all, body });
    },
    plain: (method, path, headers = {}) => exchange({ method, origin: service().adminUrl, path, headers }),
  };
}

/** The first engine of this run, for what no engine can change. */
export function anyEngine(): TestEngine {
  const [engine] = availableEngines();
  if (engine === undefined) throw new Error('no database engine can run here');
  return engine;
}

/** The items and the cursor of a list. */
export interface ListBody<Item = Readonly<Record<string, unknown>>> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** The body of a list; throws unless the answer is 200. */
export function listOf<Item = Readonly<Record<string, unknown>>>(answer: Exchange): ListBody<Item> {
  if (answer.status !== 200) throw new Error(`expected a list, the service answered ${answer.status}: ${answer.text}`);
  return answer.body as ListBody<Item>;
}

/** All pages of a list, followed by cursor. */
export async function allPages<Item = Readonly<Record<string, unknown>>>(
  surface: AdminSurface,
  path: string,
  limit: number,
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let cursor: string | undefined;
  do {
    const query = `limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const page = listOf<Item>(await surface.call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`));
    pages.push(page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}
