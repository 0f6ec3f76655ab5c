import { loadedId, loadedLetters, nameOf, userKind } from '../dataset/names.js';
import { anybody, type BenchRequest, type Operation, type Turn } from './operation.js';

const target = 0.7;

export const filterHit = lookUp('filter-hit', 'filter by userName, found', ({ world: { main }, sequence }) =>
  filterBy(main, `userName eq "${nameOf(loadedLetters, anybody(main, sequence))}@${main.domain}"`),
);
export const filterMiss = lookUp('filter-miss', 'filter by userName, not found', ({ world: { main }, sequence }) =>
  filterBy(main, `userName eq "${nameOf('no', sequence)}@${main.domain}"`),
);
const filterExternalId = lookUp('filter-external-id', 'filter by externalId', ({ world: { main }, sequence }) =>
  filterBy(main, `externalId eq "ext-${nameOf(loadedLetters, anybody(main, sequence))}"`),
);
export const getById = lookUp('get', 'GET by id', ({ world: { main }, sequence }) => ({
  tenant: main,
  method: 'GET',
  path: `/Users/${loadedId(main.number, userKind, anybody(main, sequence))}`,
  status: 200,
}));
const unchanged = lookUp('not-modified', 'GET by id, 304', ({ world: { main }, sequence }) => ({
  tenant: main,
  method: 'GET',
  path: `/Users/${loadedId(main.number, userKind, anybody(main, sequence))}`,
  headers: { 'if-none-match': 'W/"1"' },
  status: 304,
}));

export const lookUps: readonly Operation[] = [filterHit, filterMiss, filterExternalId, getById, unchanged];

function lookUp(name: string, title: string, request: (turn: Turn) => Omit<BenchRequest, 'script'>): Operation {
  return {
    name,
    title,
    group: 'look-up',
    scripts: [name],
    target,
    request: (turn) => ({ script: name, ...request(turn) }),
  };
}

/** A list request with a filter. */
export function filterBy(tenant: BenchRequest['tenant'], text: string): Omit<BenchRequest, 'script'> {
  return { tenant, method: 'GET', path: `/Users?filter=${encodeURIComponent(text)}`, status: 200 };
}
