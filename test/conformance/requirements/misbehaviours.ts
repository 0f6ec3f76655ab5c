import { groupResourceType, userResourceType } from '@cleanmail/scim';
import { failure, type Json, type Misbehaviour, type ServerAnswer, type ServerRequest } from './reference-server.js';

/** A way to break a rule, the section that is tried, and the requirements that must be reported as failed. */
export interface Mischief {
  readonly name: string;
  readonly section: string;
  readonly misbehaviour: Misbehaviour;
  readonly fails: readonly string[];
}

const isPost = ({ method }: ServerRequest): boolean => method === 'POST';

/** Every way in which the specs make the reference server misbehave. */
export const mischiefs: readonly Mischief[] = [
  {
    name: 'answers application/json',
    section: '3.8',
    misbehaviour: (answer) => withHeaders(answer, { 'content-type': 'application/json' }),
    fails: ['media.default', 'media.accept-scim', 'media.write', 'media.error'],
  },
  {
    name: 'creates with 200',
    section: '7644 3.3',
    misbehaviour: (answer, request) => (isPost(request) && answer.status === 201 ? { ...answer, status: 200 } : answer),
    fails: [
      'post.created',
      'post.location',
      'post.location-equal',
      'post.representation',
      'post.minimal',
      'post.conflict',
      'post.read-only',
    ],
  },
  {
    name: 'sends no Location',
    section: '7644 3.3',
    misbehaviour: (answer) => withoutHeader(answer, 'location'),
    fails: ['post.location', 'post.location-equal'],
  },
  {
    name: 'tells the status of an error as number',
    section: '3.12',
    misbehaviour: (answer) => (answer.status >= 400 ? withBody(answer, { status: answer.status }) : answer),
    fails: [
      'errors.not-found',
      'errors.conflict',
      'errors.malformed',
      'errors.incomplete',
      'errors.unknown-endpoint-body',
    ],
  },
  {
    name: 'uses a keyword of its own',
    section: '3.12',
    misbehaviour: (answer) => (answer.status === 409 ? withBody(answer, { scimType: 'duplicate' }) : answer),
    fails: ['errors.keywords'],
  },
  {
    name: 'lets everybody read',
    section: '7644 2',
    misbehaviour: (answer, { method }) =>
      answer.status === 401 && method === 'GET' ? { status: 200, headers: {}, body: { Resources: [] } } : answer,
    fails: ['auth.anonymous-read', 'auth.wrong-token', 'auth.wrong-scheme', 'auth.error-body'],
  },
  {
    name: 'sends no WWW-Authenticate',
    section: '9110',
    misbehaviour: (answer) => withoutHeader(answer, 'www-authenticate'),
    fails: ['auth.challenge'],
  },
  {
    name: 'takes the client’s id',
    section: '7643 3.1',
    misbehaviour: (answer, request) => {
      const { id } = isPost(request) ? (JSON.parse(request.text) as Json) : {};
      return id === undefined ? answer : withBody(answer, { id });
    },
    fails: ['common.id-read-only'],
  },
  {
    name: 'invents an externalId',
    section: '7643 3.1',
    misbehaviour: (answer) => withUser(answer, (user) => ({ externalId: 'invented', ...user })),
    fails: ['common.external-id-absent'],
  },
  {
    name: 'answers booleans as strings',
    section: '7643',
    misbehaviour: (answer) => withUser(answer, (user) => ({ ...user, active: String(user['active']) })),
    fails: ['attributes.boolean', 'schemas.shapes'],
  },
  {
    name: 'answers an attribute of no schema',
    section: '7643 7',
    misbehaviour: (answer) => withUser(answer, (user) => ({ ...user, favouriteColour: 'blue' })),
    fails: ['schemas.declared'],
  },
  {
    name: 'hides a schema that it names',
    section: '7643 6',
    misbehaviour: (answer, { path }) =>
      path === '/Schemas'
        ? mapResources(answer, (all) => all.filter(({ id }) => !String(id).includes('enterprise')))
        : answer,
    fails: ['resource-types.schemas-published'],
  },
  {
    name: 'lists without totalResults',
    section: '7644 3.4.2',
    misbehaviour: (answer) => (isList(answer) ? withBody(answer, { totalResults: undefined }) : answer),
    fails: ['list.total', 'list.none', 'filter.total', 'page.total', 'page.count-zero', 'page.beyond'],
  },
  {
    name: 'finds nobody by a value path',
    section: '3.4.2.2',
    misbehaviour: (answer, { query }) => (query['filter']?.includes('[') === true ? listOf([]) : answer),
    fails: ['filter.value-path', 'filter.value-path-logic'],
  },
  {
    name: 'lists everybody when it cannot read the filter',
    section: '3.4.2.2',
    misbehaviour: (answer, _, store) =>
      answer.body?.['scimType'] === 'invalidFilter'
        ? listOf(store.all(userResourceType).map((stored) => store.render(stored) as Json))
        : answer,
    fails: [
      'filter.invalid',
      'filter.unknown-operator',
      'filter.unbalanced',
      'filter.unquoted',
      'filter.boolean-order',
    ],
  },
  {
    name: 'answers 404 when a filter finds nobody',
    section: '7644 3.4.2',
    misbehaviour: (answer) =>
      isList(answer) && answer.body?.['totalResults'] === 0 ? failure(404, 'Nobody.') : answer,
    fails: [
      'list.schema',
      'list.total',
      'list.none',
      'filter.and',
      'filter.value-path-one-value',
      'filter.case-exact',
      'filter.date-time',
    ],
  },
  {
    name: 'ignores sortOrder',
    section: '3.4.2.3',
    misbehaviour: (answer, { query }) =>
      query['sortOrder'] === 'descending' ? mapResources(answer, (all) => [...all].reverse()) : answer,
    fails: ['sort.descending', 'sort.unassigned-first', 'sort.attribute-case'],
  },
  {
    name: 'counts startIndex from zero',
    section: '3.4.2.4',
    misbehaviour: (answer, { query }) =>
      query['startIndex'] === undefined ? answer : withBody(answer, { startIndex: Number(query['startIndex']) - 1 }),
    fails: ['page.start-index'],
  },
  {
    name: 'ignores count',
    section: '3.4.2.4',
    misbehaviour: (answer, { query, path }, store) =>
      path === '/Users' && query['count'] !== undefined && answer.status === 200
        ? mapResources(answer, () => store.all(userResourceType).map((stored) => store.render(stored) as Json))
        : answer,
    fails: [
      'page.count',
      'page.items-per-page',
      'page.count-zero',
      'page.count-negative',
      'page.beyond',
      'page.complete',
    ],
  },
  {
    name: 'never ends a walk by cursor',
    section: '9865',
    misbehaviour: (answer, { query }) =>
      query['cursor'] === undefined || answer.status !== 200
        ? answer
        : { ...answer, body: { nextCursor: query['cursor'], ...answer.body } },
    fails: ['cursor.walk'],
  },
  {
    name: 'ignores attributes',
    section: '3.9',
    misbehaviour: (answer, { query }, store) => {
      const stored = query['attributes'] === undefined ? undefined : find(store.all(userResourceType), answer);
      return stored === undefined ? answer : { ...answer, body: store.render(stored) };
    },
    fails: ['attributes.only', 'attributes.several', 'attributes.post', 'attributes.put', 'attributes.unknown'],
  },
  {
    name: 'forgets every PATCH',
    section: '3.5.2.3',
    misbehaviour: forgetting('PATCH'),
    fails: [
      'patch.replace',
      'patch.replace-absent',
      'patch.replace-without-path',
      'patch.replace-boolean',
      'patch.replace-sub-attribute',
      'patch.replace-complex',
      'patch.replace-list',
      'patch.replace-matching',
    ],
  },
  {
    name: 'answers PATCH with 202',
    section: '3.5.2.2',
    misbehaviour: (answer, { method }) =>
      method === 'PATCH' && answer.status === 200 ? { ...answer, status: 202 } : answer,
    fails: ['patch.remove', 'patch.remove-all', 'patch.remove-matching', 'patch.remove-sub-attribute'],
  },
  {
    name: 'deletes softly',
    section: '7644 3.6',
    misbehaviour: forgetting('DELETE'),
    fails: ['delete.gone'],
  },
  {
    name: 'answers 412 to nobody',
    section: '3.14',
    misbehaviour: (answer) => (answer.status === 412 ? { status: 200, headers: {}, body: {} } : answer),
    fails: ['etag.put-stale', 'etag.patch-stale', 'etag.delete-stale', 'etag.stale-body', 'etag.race'],
  },
  {
    name: 'gives one ETag to all versions',
    section: '3.14',
    misbehaviour: (answer) => (answer.headers['etag'] === undefined ? answer : withHeaders(answer, { etag: 'W/"1"' })),
    fails: ['etag.changes'],
  },
  {
    name: 'goes on after failOnErrors',
    section: '3.7',
    misbehaviour: (answer, { path, text }) =>
      path === '/Bulk' && text.includes('failOnErrors')
        ? withBody(answer, { Operations: [{ bulkId: 'after', status: '201' }] })
        : answer,
    fails: ['bulk.fail-on-errors'],
  },
  {
    name: 'shows no members',
    section: '7643 4.2',
    misbehaviour: (answer, _, store) => {
      const group = find(store.all(groupResourceType), answer);
      return group === undefined ? answer : withBody(answer, { members: undefined });
    },
    fails: ['groups.members', 'groups.member-reference', 'groups.deleted-member'],
  },
  {
    name: 'hangs up on HEAD',
    section: '9110 9.3.2',
    misbehaviour: (answer, { method }) => (method === 'HEAD' ? 'hang up' : answer),
    fails: ['http.head', 'http.head-unknown', 'http.head-headers'],
  },
  {
    name: 'answers filters on schemas',
    section: '7644 4',
    misbehaviour: (answer) => (answer.status === 403 ? listOf([]) : answer),
    fails: ['discovery.filter-forbidden'],
  },
];

/** Does nothing of a method and says that it was done. */
function forgetting(method: string): Misbehaviour {
  const kept = new Map<string, Json>();
  return (answer, request) => {
    const { body } = answer;
    if (request.method === method && answer.status < 300)
      return {
        status: method === 'DELETE' ? 204 : 200,
        headers: {},
        ...(body === undefined ? {} : { body: kept.get(request.path) ?? body }),
      };
    if (request.method === 'POST' && typeof body?.['id'] === 'string') kept.set(`/Users/${body['id']}`, body);
    const before = request.method === 'GET' ? kept.get(request.path) : undefined;
    return before === undefined ? answer : { status: 200, headers: {}, body: before };
  };
}

function find<T extends { readonly id: string }>(all: readonly T[], { body }: ServerAnswer): T | undefined {
  return all.find(({ id }) => id === body?.['id']);
}

function withHeaders(answer: ServerAnswer, headers: Readonly<Record<string, string>>): ServerAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function withoutHeader(answer: ServerAnswer, name: string): ServerAnswer {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([key]) => key !== name));
  return { ...answer, headers };
}

function withBody(answer: ServerAnswer, members: Json): ServerAnswer {
  return { ...answer, body: { ...answer.body, ...members } };
}

function withUser(answer: ServerAnswer, change: (user: Json) => Json): ServerAnswer {
  return typeof answer.body?.['userName'] === 'string' ? { ...answer, body: change(answer.body) } : answer;
}

function isList({ body }: ServerAnswer): boolean {
  return Array.isArray(body?.['Resources']);
}

function mapResources(answer: ServerAnswer, change: (resources: readonly Json[]) => readonly Json[]): ServerAnswer {
  if (!isList(answer)) return answer;
  return withBody(answer, { Resources: change(answer.body?.['Resources'] as readonly Json[]) });
}

function listOf(resources: readonly Json[]): ServerAnswer {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  const body = {
    schemas,
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
  return { status: 200, headers: {}, body };
}
