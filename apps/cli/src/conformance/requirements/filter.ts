import { isObject } from '../../simulate/json.js';
import { advertised, needs } from '../attribute-definitions.js';
import { bodyOf, ensure, memberAt } from '../expectations.js';
import { inSection, must, should, type Applicability } from '../requirement.js';
import type { Created } from '../conformance-client.js';
import { NotApplicable } from '../violation.js';
import { expectFilter, expectInvalidFilter, filterPeople } from './filter-people.js';

const either = 'userName eq "{full}" or userName eq "{bare}"';
const filters = advertised('filter');

interface FilterCase {
  readonly id: string;
  readonly title: string;
  readonly filter: string;
  readonly finds: 'full' | 'bare' | 'both' | 'none';
  readonly needs?: readonly string[];
}

const operators: readonly FilterCase[] = [
  { id: 'eq', title: 'finds by eq', filter: 'userName eq "{full}"', finds: 'full' },
  { id: 'ne', title: 'leaves out by ne', filter: `(${either}) and userName ne "{full}"`, finds: 'bare' },
  { id: 'co', title: 'finds by co', filter: 'userName co "{prefix}.Anna."', finds: 'full' },
  { id: 'sw', title: 'finds by sw', filter: 'userName sw "{prefix}.anna"', finds: 'full' },
  {
    id: 'ew',
    title: 'finds by ew',
    filter: '(userName sw "{prefix}") and userName ew ".bare@example.com"',
    finds: 'bare',
  },
  { id: 'gt', title: 'compares by gt', filter: 'userName sw "{prefix}" and userName gt "{full}"', finds: 'bare' },
  {
    id: 'ge',
    title: 'compares by ge, which includes the value',
    filter: 'userName sw "{prefix}" and userName ge "{full}"',
    finds: 'both',
  },
  { id: 'lt', title: 'compares by lt', filter: 'userName sw "{prefix}" and userName lt "{bare}"', finds: 'full' },
  {
    id: 'le',
    title: 'compares by le, which includes the value',
    filter: 'userName sw "{prefix}" and userName le "{bare}"',
    finds: 'both',
  },
  {
    id: 'pr',
    title: 'finds by pr what is assigned',
    filter: `(${either}) and title pr`,
    finds: 'full',
    needs: ['title'],
  },
  {
    id: 'pr-empty',
    title: 'takes an empty multi-valued attribute for unassigned in pr',
    filter: `(${either}) and emails pr`,
    finds: 'full',
    needs: ['emails'],
  },
  {
    id: 'pr-complex',
    title: 'finds by pr a complex attribute that has a sub-attribute',
    filter: `(${either}) and name pr`,
    finds: 'full',
    needs: ['name.givenName'],
  },
  {
    id: 'boolean',
    title: 'compares a boolean by eq',
    filter: `(${either}) and active eq false`,
    finds: 'bare',
    needs: ['active'],
  },
  {
    id: 'boolean-true',
    title: 'compares a boolean with true',
    filter: `(${either}) and active eq true`,
    finds: 'full',
    needs: ['active'],
  },
];

const logic: readonly FilterCase[] = [
  { id: 'and', title: 'joins by and', filter: 'userName eq "{full}" and userName eq "{bare}"', finds: 'none' },
  { id: 'or', title: 'joins by or', filter: either, finds: 'both' },
  { id: 'not', title: 'negates by not', filter: `(${either}) and not (userName eq "{full}")`, finds: 'bare' },
  {
    id: 'precedence',
    title: 'binds and tighter than or',
    filter: 'userName eq "{full}" or userName eq "{bare}" and userName eq "{full}"',
    finds: 'full',
  },
  {
    id: 'grouping',
    title: 'heeds parentheses',
    filter: '(userName eq "{full}" or userName eq "{bare}") and userName eq "{bare}"',
    finds: 'bare',
  },
  {
    id: 'nesting',
    title: 'heeds nested parentheses',
    filter: `((${either}) and (not ((userName eq "{bare}"))))`,
    finds: 'full',
  },
];

const paths: readonly FilterCase[] = [
  {
    id: 'sub-attribute',
    title: 'filters by a sub-attribute',
    filter: 'name.familyName eq "Full {prefix}"',
    finds: 'full',
    needs: ['name.familyName'],
  },
  {
    id: 'urn',
    title: 'filters by an attribute with the URN of its schema',
    filter: 'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "{full}"',
    finds: 'full',
  },
  {
    id: 'value-path',
    title: 'filters by a value path',
    filter: 'emails[type eq "work" and value co "{prefix}"]',
    finds: 'full',
    needs: ['emails.type'],
  },
  {
    id: 'value-path-one-value',
    title: 'wants one value to match the whole value path',
    filter: 'emails[type eq "home" and value eq "{prefix}.work@work.example"]',
    finds: 'none',
    needs: ['emails.type'],
  },
  {
    id: 'value-path-logic',
    title: 'joins a value path with another filter',
    filter: 'userName eq "{full}" and emails[type eq "work" and not (value co "@other.example")]',
    finds: 'full',
    needs: ['emails.type'],
  },
  {
    id: 'multi-valued',
    title: 'matches when any value of a multi-valued attribute does',
    filter: 'emails.value eq "{prefix}.home@home.example"',
    finds: 'full',
    needs: ['emails'],
  },
  {
    id: 'default-value',
    title: 'takes a multi-valued complex attribute for its value',
    filter: 'emails co "{prefix}.home"',
    finds: 'full',
    needs: ['emails'],
  },
  { id: 'id', title: 'filters by id', filter: 'id eq "{fullId}"', finds: 'full' },
  { id: 'external-id', title: 'filters by externalId', filter: 'externalId eq "{externalId}"', finds: 'full' },
  {
    id: 'schemas',
    title: 'filters by schemas',
    filter: 'userName eq "{full}" and schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"',
    finds: 'full',
  },
  {
    id: 'resource-type',
    title: 'filters by meta.resourceType',
    filter: 'userName eq "{full}" and meta.resourceType eq "User"',
    finds: 'full',
  },
];

const cases: readonly FilterCase[] = [
  {
    id: 'attribute-case',
    title: 'reads attribute names without regard to case',
    filter: 'USERNAME eq "{full}"',
    finds: 'full',
  },
  {
    id: 'operator-case',
    title: 'reads operators without regard to case',
    filter: 'userName EQ "{full}" AND userName PR',
    finds: 'full',
  },
  {
    id: 'value-case',
    title: 'compares an attribute without case when its caseExact is false',
    filter: 'userName sw "{prefix}.ANNA"',
    finds: 'full',
  },
  {
    id: 'external-id-case',
    title: 'compares externalId with case',
    filter: 'externalId eq "{externalId}" or externalId eq "ext-{prefix}-a"',
    finds: 'full',
  },
  {
    id: 'quotes',
    title: 'reads JSON escapes in a value',
    filter: 'userName eq "{full}" and title eq "Tour \\"Guide\\" \\\\ Lead"',
    finds: 'full',
    needs: ['title'],
  },
];

/** RFC 7644 section 3.4.2.2: filters. */
export const filter = inSection('RFC 7644 3.4.2.2', filters, [
  ...[...operators, ...logic, ...paths, ...cases].map(({ id, title, filter: text, finds, needs: names = [] }) =>
    must(`filter.${id}`, title, (client) => expectFilter(client, text, finds), needs(...names)),
  ),
  must(
    'filter.case-exact',
    'finds nobody by an externalId in other case',
    async (client) => {
      const { full } = await filterPeople(client);
      await expectFilter(client, `externalId eq "${externalIdOf(full).toLowerCase()}"`, 'none');
    },
    externalIdIsCaseExact,
  ),
  must('filter.date-time', 'compares dateTimes as instants, whatever their zone', async (client) => {
    const { full } = await filterPeople(client);
    const created = Date.parse(String(memberAt(full.body, 'meta.created')));
    const zoned = (instant: number): string => new Date(instant + 7_200_000).toISOString().replace('Z', '+02:00');
    await expectFilter(client, `userName eq "{full}" and meta.created gt "${zoned(created - 60_000)}"`, 'full');
    await expectFilter(client, `userName eq "{full}" and meta.created gt "${zoned(created + 60_000)}"`, 'none');
  }),
  must('filter.date-time-eq', 'finds by meta.lastModified what it answered there', async (client) => {
    const { full } = await filterPeople(client);
    const lastModified = String(memberAt(full.body, 'meta.lastModified'));
    await expectFilter(client, `userName eq "{full}" and meta.lastModified ge "${lastModified}"`, 'full');
  }),
  must('filter.total', 'counts in totalResults what matches, not what there is', async (client) => {
    const { full } = await filterPeople(client);
    const answer = await client.users({ filter: `userName eq "${String(full.body['userName'])}"` });
    ensure(answer, bodyOf(answer)['totalResults'] === 1, `totalResults is ${String(bodyOf(answer)['totalResults'])}`);
  }),
  must('filter.invalid', 'answers 400 and invalidFilter to text that is no filter', (client) =>
    expectInvalidFilter(client, 'userName eq'),
  ),
  must('filter.unknown-operator', 'answers 400 and invalidFilter to an operator that it does not know', (client) =>
    expectInvalidFilter(client, 'userName xx "a"'),
  ),
  must('filter.unbalanced', 'answers 400 and invalidFilter to unbalanced parentheses', (client) =>
    expectInvalidFilter(client, '(userName eq "a"'),
  ),
  should('filter.unquoted', 'answers 400 and invalidFilter to a value that is no JSON', (client) =>
    expectInvalidFilter(client, 'userName eq abc'),
  ),
  must(
    'filter.boolean-order',
    'answers 400 and invalidFilter to gt on a boolean',
    (client) => expectInvalidFilter(client, 'active gt true'),
    needs('active'),
  ),
]);

/** RFC 7644 section 3.4.2.2: a server without filters says so. */
export const filterUnsupported = inSection('RFC 7644 3.4.2.2', (config) => !config.filter || 'filter is advertised', [
  must('filter.unsupported', 'answers 400 and invalidFilter when it offers no filters', (client) =>
    expectInvalidFilter(client, 'userName eq "a"'),
  ),
]);

function externalIdOf({ body }: Created): string {
  const { externalId } = body;
  if (typeof externalId !== 'string') throw new NotApplicable('externalId is not kept');
  return externalId;
}

function externalIdIsCaseExact(config: Parameters<Applicability>[0]): true | string {
  const attributes = config.schemas.get(config.users.schema.toLowerCase())?.['attributes'];
  const found: unknown = Array.isArray(attributes)
    ? attributes.find((attribute) => isObject(attribute) && attribute['name'] === 'externalId')
    : undefined;
  return !isObject(found) || found['caseExact'] !== false || 'the schema says caseExact false of externalId';
}
