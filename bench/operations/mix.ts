import { loadedId, loadedLetters, nameOf, userKind } from '../dataset/names.js';
import { person } from '../dataset/person.js';
import type { BenchTenant } from '../dataset/tenants.js';
import { filterBy } from './look-ups.js';
import { anybody, type BenchRequest, newName, type Operation, ownPerson, type Turn } from './operation.js';
import { fivePatch } from './writes.js';

/** Of 100 requests, how many are which: what Entra sends in an initial cycle of one tenant and cycles of twenty others. */
const shares = [
  { requests: 20, make: (turn: Turn) => lookFor(turn.world.scratch, nameOf('nm', turn.sequence), 'filter-miss') },
  { requests: 5, make: (turn: Turn) => lookForSomebody(turn.world.scratch, turn) },
  { requests: 30, make: (turn: Turn) => lookForSomebody(otherTenant(turn), turn) },
  { requests: 10, make: (turn: Turn) => changeInScratch(turn) },
  { requests: 15, make: (turn: Turn) => changeElsewhere(turn) },
  { requests: 15, make: (turn: Turn) => create(turn) },
  { requests: 5, make: (turn: Turn) => read(otherTenant(turn), turn) },
] as const;

/** 55 filters, 25 PATCH, 15 POST and 5 GET of 100, in an order that mixes them. */
export const mix: Operation = {
  name: 'mix',
  title: 'Entra mix: 55 filter, 25 PATCH, 15 POST, 5 GET',
  group: 'mix',
  scripts: ['filter-miss', 'filter-hit', 'patch-five', 'post', 'get'],
  request: (turn) => {
    // 37 and 100 have no common divisor, so every hundred requests have each place once.
    let place = (turn.sequence * 37) % 100;
    for (const { requests, make } of shares) {
      if (place < requests) return make(turn);
      place -= requests;
    }
    return undefined;
  },
};

function otherTenant({ world: { others, main }, sequence }: Turn): BenchTenant {
  return others[sequence % Math.max(1, others.length)] ?? main;
}

function lookFor(tenant: BenchTenant, name: string, script: string): BenchRequest {
  return { script, ...filterBy(tenant, `userName eq "${name}@${tenant.domain}"`) };
}

function lookForSomebody(tenant: BenchTenant, { sequence }: Turn): BenchRequest {
  // In the fresh tenant only those whom no operation deletes.
  const people = Math.max(1, Math.floor(tenant.people / 2));
  return lookFor(tenant, nameOf(loadedLetters, anybody({ ...tenant, people }, sequence)), 'filter-hit');
}

function changeInScratch(turn: Turn): BenchRequest {
  const { scratch } = turn.world;
  return change(scratch, ownPerson('mix', turn).person, turn);
}

function changeElsewhere(turn: Turn): BenchRequest {
  const tenant = otherTenant(turn);
  const half = Math.max(1, Math.floor(tenant.people / 2));
  const who = 2 * anybody({ ...tenant, people: half }, turn.sequence) + (turn.side === 'ours' ? 0 : 1);
  return change(tenant, Math.min(who, tenant.people - 1), turn);
}

function change(tenant: BenchTenant, who: number, turn: Turn): BenchRequest {
  const path = `/Users/${loadedId(tenant.number, userKind, who)}`;
  const body = fivePatch(newName(turn, { ours: 'ma', bare: 'mb' }));
  return { script: 'patch-five', tenant, method: 'PATCH', path, body, status: 200 };
}

function create(turn: Turn): BenchRequest {
  const { scratch } = turn.world;
  const body = person(newName(turn, { ours: 'na', bare: 'nb' }), scratch.domain);
  return { script: 'post', tenant: scratch, method: 'POST', path: '/Users', body, status: 201 };
}

function read(tenant: BenchTenant, { sequence }: Turn): BenchRequest {
  const path = `/Users/${loadedId(tenant.number, userKind, anybody(tenant, sequence))}`;
  return { script: 'get', tenant, method: 'GET', path, status: 200 };
}
