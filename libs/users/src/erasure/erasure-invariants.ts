import { type Invariant, sqlInvariant } from '@cleanmail/database';

const over = { table: 'erasure_request', key: 'id' } as const;

const proof = sqlInvariant({
  name: 'erasure-proof',
  sentence: 'An erasure that is over has a certificate, and its user is not there.',
  remedy: 'Do not tell anybody that the person was erased: ask for the erasure again, and tell the developers.',
  over,
  broken:
    "r.state = 'done' AND (NOT EXISTS (SELECT 1 FROM erasure_certificate e WHERE e.tenant_id = r.tenant_id AND e.id = r.id) " +
    'OR EXISTS (SELECT 1 FROM scim_user u WHERE u.tenant_id = r.tenant_id AND u.id = r.user_id))',
  problem: ({ id }) => `the erasure ${id} is over, and its certificate is missing or its user is there`,
});

const actors = sqlInvariant({
  name: 'erasure-actors',
  sentence: 'Nothing is erased on request that two people did not want.',
  remedy: 'Somebody has written past the service: look who has access to the database.',
  over,
  broken:
    "r.state IN ('confirmed', 'erasing', 'done') AND (r.confirmed_by IS NULL OR r.confirmed_at IS NULL OR LOWER(r.confirmed_by) = LOWER(r.requested_by))",
  problem: ({ id }) => `the erasure ${id} was not confirmed by a second person`,
});

/** Erasures on request. */
export const erasureInvariants: readonly Invariant[] = [proof, actors];
