import type { ScimComplex, ScimResource, ScimValue } from '../resource/resource.js';
import { isComplex, isList, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { ElementList } from './element-list.js';
import { WorkBudget } from './work-budget.js';

/**
 * A resource under change. The original is never touched: what is set lives in copies, multi-valued attributes in
 * element lists that are made when first needed.
 */
export class Draft {
  private readonly root: Record<string, ScimValue>;
  private readonly lists = new Map<
    AttributeDefinition,
    { readonly target: AttributeTarget; readonly list: ElementList }
  >();
  private readonly budget = new WorkBudget();

  constructor(original: ScimResource) {
    this.root = { ...original };
  }

  /** The value of a target without its sub-attribute. */
  get({ schema, attribute }: AttributeTarget): ScimValue | undefined {
    const held = this.lists.get(attribute);
    if (held !== undefined) {
      return contentOf(held.list);
    }
    const home = this.home(schema);
    return home === undefined ? undefined : own(home, attribute.name);
  }

  /** Sets or, with undefined, unassigns an attribute; an extension with nothing left vanishes. */
  set(target: AttributeTarget, value: ScimValue | undefined): void {
    this.lists.delete(target.attribute);
    this.write(target, value);
  }

  /** The elements of an attribute, to be changed in place; a single-valued one has one, and the last appended stays. */
  list(target: AttributeTarget): ElementList {
    const held = this.lists.get(target.attribute);
    if (held !== undefined) {
      return held.list;
    }
    const value = this.get(target);
    const values = value === undefined || isList(value) ? value : [value];
    const list = new ElementList(target.attribute, values ?? [], this.budget);
    this.lists.set(target.attribute, { target, list });
    return list;
  }

  /** Unassigns all of an extension. */
  removeExtension(urn: string): void {
    for (const [attribute, { target }] of this.lists) {
      if (target.schema === urn) {
        this.lists.delete(attribute);
      }
    }
    delete this.root[urn];
  }

  /** The resource as it is now. */
  result(): ScimResource {
    for (const { target, list } of this.lists.values()) {
      this.write(target, contentOf(list));
    }
    return { ...this.root };
  }

  private home(schema: string | undefined): ScimComplex | undefined {
    if (schema === undefined) {
      return this.root;
    }
    const extension = own(this.root, schema);
    return isComplex(extension) ? extension : undefined;
  }

  private write({ schema, attribute }: AttributeTarget, value: ScimValue | undefined): void {
    if (schema === undefined) {
      assign(this.root, attribute.name, value);
      return;
    }
    const extension: Record<string, ScimValue> = { ...this.home(schema) };
    assign(extension, attribute.name, value);
    assign(this.root, schema, Object.keys(extension).length === 0 ? undefined : extension);
  }
}

function assign(holder: Record<string, ScimValue>, name: string, value: ScimValue | undefined): void {
  if (value === undefined) {
    delete holder[name];
  } else {
    holder[name] = value;
  }
}

function contentOf(list: ElementList): ScimValue | undefined {
  const values = list.values();
  if (!list.attribute.multiValued) {
    return values.at(-1);
  }
  return values.length === 0 ? undefined : values;
}
