import { ScimError } from '@cleanmail/scim';
import { ScimController, ScimOperation, type ScimOperationName } from '@cleanmail/scim-http';
import { Header, HttpCode, RequestMapping, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';

type Methods = Map<string, Set<RequestMethod>>;

const names: Readonly<Partial<Record<RequestMethod, ScimOperationName>>> = {
  [RequestMethod.POST]: 'create',
  [RequestMethod.PUT]: 'replace',
  [RequestMethod.PATCH]: 'modify',
  [RequestMethod.DELETE]: 'delete',
};

/**
 * A controller for what the routes of other controllers leave open: OPTIONS of every path tells its methods (RFC 9110
 * section 9.3.7), and every other method is 405 with the same `Allow` (section 15.5.6).
 */
export function otherMethodsOf(controllers: readonly Type[]): Type {
  class OtherMethodsController {}
  for (const [path, methods] of methodsOf(controllers)) {
    const allow = allowOf(methods);
    // Fastify answers HEAD wherever there is a route for GET, so that a GET which is refused refuses HEAD, too.
    for (const method of everyMethod.filter((other) => !methods.has(other) && other !== RequestMethod.HEAD)) {
      const isOptions = method === RequestMethod.OPTIONS;
      addHandler(OtherMethodsController, `${RequestMethod[method]} ${path}`, isOptions ? tellMethods : refuse(allow), [
        RequestMapping({ path, method }),
        ScimOperation(isOptions ? 'discover' : (names[method] ?? 'read')),
        Header('Allow', allow),
        ...(isOptions ? [HttpCode(204)] : []),
      ]);
    }
  }
  ScimController([''], '')(OtherMethodsController);
  return OtherMethodsController;
}

const everyMethod = Object.values(RequestMethod).filter(
  (value): value is RequestMethod => typeof value === 'number' && value !== RequestMethod.ALL,
);

function tellMethods(): void {
  // What there is to tell stands in the header.
}

function refuse(allow: string): () => never {
  return () => {
    throw ScimError.methodNotAllowed(`This endpoint knows only the methods ${allow}.`);
  };
}

function addHandler(
  controller: Type,
  name: string,
  handler: () => unknown,
  decorators: readonly MethodDecorator[],
): void {
  const descriptor = { value: () => handler(), configurable: true, writable: true };
  Object.defineProperty(controller.prototype, name, descriptor);
  for (const decorate of decorators) {
    decorate(controller.prototype as object, name, descriptor);
  }
}

/** The methods of every path, as the decorators of the controllers have it. */
function methodsOf(controllers: readonly Type[]): Methods {
  const methods: Methods = new Map();
  for (const controller of controllers) {
    const bases = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
    for (const handler of handlersOf(controller.prototype as object)) {
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
      const paths = [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]].flat();
      for (const path of bases.flatMap((base) => paths.map((own) => joined(base, own)))) {
        methods.set(path, (methods.get(path) ?? new Set()).add(method));
      }
    }
  }
  return methods;
}

/** The methods of a class and of what it extends that are routes. */
function handlersOf(prototype: object | null): readonly object[] {
  if (prototype === null || prototype === Object.prototype) {
    return [];
  }
  const own = Object.values(Object.getOwnPropertyDescriptors(prototype))
    .map(({ value }) => value as unknown)
    .filter((value): value is object => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value));
  return [...own, ...handlersOf(Object.getPrototypeOf(prototype) as object | null)];
}

function joined(base: string, path: string): string {
  return `/${[...base.split('/'), ...path.split('/')].filter((segment) => segment !== '').join('/')}`;
}

function allowOf(methods: ReadonlySet<RequestMethod>): string {
  const own = everyMethod.filter((method) => methods.has(method)).map((method) => RequestMethod[method]);
  const head = methods.has(RequestMethod.GET) && !methods.has(RequestMethod.HEAD) ? ['HEAD'] : [];
  return [...own, ...head, 'OPTIONS'].join(', ');
}
