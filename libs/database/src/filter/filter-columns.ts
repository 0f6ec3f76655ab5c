/** How a column holds an attribute: text in comparable form, a boolean, or an instant in milliseconds since 1970. */
export type FilterColumnKind = 'text' | 'boolean' | 'instant';

/** A column, or an SQL expression, that holds one attribute in comparable form. */
export interface FilterColumn {
  readonly expression: string;
  readonly kind: FilterColumnKind;
  /** The index on tenant and column, where the column has one that is not unique. */
  readonly index?: string;
  /** Whether every row has a value; a list that is sorted by it then has no rows without one to look for. */
  readonly isRequired?: boolean;
  /** Whether no two rows of a tenant have the same value, so that a list sorted by it follows its index. */
  readonly isUnique?: boolean;
}

/** Rows of another table that hold the elements of a multi-valued attribute, one each. */
export interface FilterRelation {
  /** The table with its alias as it stands after FROM, and what is joined to it. */
  readonly from: string;
  readonly join?: string;
  /** The columns of a row that name the tenant and the resource it belongs to. */
  readonly tenant: string;
  readonly owner: string;
  /** Sub-attributes by their names; the others cannot be filtered. */
  readonly columns: ReadonlyMap<string, FilterColumn>;
  /** Sub-attributes by which an index finds the rows of a tenant; their columns name it where it is one of `from`. */
  readonly indexed: ReadonlySet<string>;
  /** The column that says which row comes first when a list is sorted by the attribute. */
  readonly order: string;
}

/**
 * A table with one row for each value that an attribute of the JSON document has in a resource. It finds the resources
 * by an index on tenant and value; whether they satisfy the filter is still asked of the document.
 */
export interface FilterLookup {
  readonly table: string;
  /** The value in comparable form, cut to `keyLength` code points. */
  readonly valueColumn: string;
  readonly ownerColumn: string;
  readonly keyLength: number;
}

/**
 * Where a table keeps the attributes of a resource: those with a column of their own by their full names
 * (`userName`, `meta.lastModified`), those kept as rows of another table by their names, everything else in a JSON
 * document of comparable values, of which some have a lookup table by their full names (`emails.value`).
 */
export interface FilterColumns {
  /** The columns that name the tenant and the resource itself. */
  readonly resource: { readonly tenant: string; readonly id: string };
  readonly columns: ReadonlyMap<string, FilterColumn>;
  readonly relations?: ReadonlyMap<string, FilterRelation>;
  readonly document: string;
  readonly lookups?: ReadonlyMap<string, FilterLookup>;
  /** Attributes that are kept in no form that could be compared. */
  readonly unfilterable: ReadonlySet<string>;
}
