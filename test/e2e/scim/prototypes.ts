import { runInThisContext } from 'node:vm';

const names = [
  'Object',
  'Array',
  'Function',
  'String',
  'Number',
  'Boolean',
  'Map',
  'Set',
  'Promise',
  'Error',
  'RegExp',
  'Date',
];

/**
 * The own keys of the language's constructors and prototypes, in the realm of the tests (where the service runs under
 * Jest) and in that of Node's own modules. Taken before and after, the two must be equal.
 */
export function prototypeKeys(): Readonly<Record<string, readonly string[]>> {
  const realms = {
    tests: globalThis as Record<string, unknown>,
    node: runInThisContext('globalThis') as Record<string, unknown>,
  };
  const entries = Object.entries(realms).flatMap(([realm, globals]) =>
    names.flatMap((name) => {
      const constructor = globals[name] as { readonly prototype: object };
      return [
        [`${realm}: ${name}`, keysOf(constructor)],
        [`${realm}: ${name}.prototype`, keysOf(constructor.prototype)],
      ] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function keysOf(object: object): readonly string[] {
  return Reflect.ownKeys(object).map(String).sort();
}
