import { newId } from '@cleanmail/database';
import type { Binding, RequestInputs, ScriptStatement, Source } from '../record/script.js';
import type { Results, Value } from '../record/statement-tap.js';

/** Everything that the values of one request's statements are made of. */
export interface ReplayContext {
  readonly tenant: string;
  readonly domain: string;
  readonly tokenId: string;
  readonly inputs: RequestInputs;
  readonly now: number;
  /** New ids of this request by their index. */
  readonly fresh: string[];
  readonly results: Results[];
}

type Bind = (context: ReplayContext) => Value;

/** The functions that give a statement's values, made once. */
export function bindersOf({ bindings }: ScriptStatement): (context: ReplayContext) => Value[] {
  const binds = bindings.map(binder);
  return (context) => binds.map((bind) => bind(context));
}

function binder(binding: Binding): Bind {
  if ('constant' in binding) {
    const { constant } = binding;
    return () => constant;
  }
  if ('source' in binding) return reader(binding.source);
  const parts = binding.parts.map((part) => (typeof part === 'string' ? () => part : reader(part)));
  return (context) => {
    let text = '';
    for (const part of parts) text += String(part(context));
    return text;
  };
}

function reader(source: Source): Bind {
  switch (source.from) {
    case 'tenant':
      return ({ tenant }) => tenant;
    case 'domain':
      return ({ domain }) => domain;
    case 'token':
      return ({ tokenId }) => tokenId;
    case 'now': {
      const { plus = 0 } = source;
      return ({ now }) => now + plus;
    }
    case 'name':
      return ({ inputs }) => given(inputs.names[source.index]);
    case 'id':
      return ({ inputs }) => given(inputs.ids[source.index]);
    case 'fresh':
      return ({ fresh }) => (fresh[source.index] ??= newId());
    case 'result': {
      const { statement, list, row, column, plus, isLocalPart } = source;
      return ({ results }) => {
        const value = given(results[statement]?.[list]?.[row]?.[column]);
        if (plus !== undefined) return Number(value) + plus;
        return isLocalPart === true ? (String(value).split('@', 1)[0] ?? '') : value;
      };
    }
  }
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the request or the database gave less than the recorded one');
  return value;
}
