import {
  type AttributeDefinition,
  type AttributeType,
  commonAttributes,
  type ComparisonOperator,
  type ResourceType,
  type ScimResource,
  type ScimValue,
} from '@cleanmail/scim';

/** A path that a filter may name, and what it leads to. */
export interface FilterTarget {
  readonly path: string;
  readonly type: AttributeType;
  /** Values that resources have there. */
  readonly valuesIn: (resource: ScimResource) => readonly ScimValue[];
}

/** An attribute whose elements a filter in brackets selects, with the paths inside the brackets. */
export interface ElementTarget {
  readonly path: string;
  readonly parts: readonly FilterTarget[];
}

export interface FilterTargets {
  readonly simple: readonly FilterTarget[];
  readonly complex: readonly FilterTarget[];
  readonly elements: readonly ElementTarget[];
}

/** Attributes that are kept in no form that could be compared: RFC 7644 lets a server refuse them. */
export const unfilterable: ReadonlySet<string> = new Set([
  'meta.location', 'meta.version', 'password', 'groups.$ref', 'members.$ref', 'members.display',
]); // prettier-ignore

const all: readonly ComparisonOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const ordered: readonly ComparisonOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];

/** The operators that RFC 7644 section 3.4.2.2, table 3, gives a type. */
export const operatorsOf: Readonly<Record<AttributeType, readonly ComparisonOperator[]>> = {
  string: all,
  reference: all,
  binary: ['eq', 'ne', 'co', 'sw', 'ew'],
  boolean: ['eq', 'ne'],
  integer: ordered,
  decimal: ordered,
  dateTime: ordered,
  complex: [],
};

/** Every path of a resource type that can be filtered: attributes, sub-attributes and elements. */
export function filterTargets(resourceType: ResourceType): FilterTargets {
  const homes: readonly (readonly [string | undefined, readonly AttributeDefinition[]])[] = [
    [undefined, [...commonAttributes, ...resourceType.schema.attributes]],
    ...resourceType.extensions.map(({ schema }) => [schema.id, schema.attributes] as const),
  ];
  const whole = homes.flatMap(([urn, attributes]) => attributes.map((attribute) => wholeOf(urn, attribute)));
  const parts = whole.flatMap(({ target, attribute }) => partsOf(target, attribute, `${target.path}.`));
  const isFilterable = ({ path }: FilterTarget) => !unfilterable.has(path);
  const targets = [...whole.map(({ target }) => target), ...parts].filter(isFilterable);
  return {
    simple: targets.filter(({ type }) => type !== 'complex'),
    complex: targets.filter(({ type }) => type === 'complex'),
    elements: whole
      .filter(({ attribute }) => attribute.type === 'complex')
      .map(({ target, attribute }) => ({
        path: target.path,
        parts: partsOf(target, attribute, '').filter(({ path }) => !unfilterable.has(`${target.path}.${path}`)),
      })),
  };
}

function wholeOf(urn: string | undefined, attribute: AttributeDefinition) {
  const { name, type } = attribute;
  const valuesIn = (resource: ScimResource): readonly ScimValue[] => {
    const home = urn === undefined ? resource : ((resource[urn] ?? {}) as ScimResource);
    return listOf(home[name]);
  };
  return { attribute, target: { path: urn === undefined ? name : `${urn}:${name}`, type, valuesIn } };
}

function partsOf(whole: FilterTarget, attribute: AttributeDefinition, prefix: string): readonly FilterTarget[] {
  return (attribute.subAttributes ?? []).map(({ name, type }) => ({
    path: `${prefix}${name}`,
    type,
    valuesIn: (resource) => whole.valuesIn(resource).flatMap((value) => listOf((value as ScimResource)[name])),
  }));
}

function listOf(value: ScimValue | undefined): readonly ScimValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly ScimValue[]) : [value];
}
