/** How a column holds an attribute: text in comparable form, a boolean, or an instant in milliseconds since 1970. */
export type FilterColumnKind = 'text' | 'boolean' | 'instant';

/** A column, or an SQL expression, that holds one attribute in comparable form. */
export interface FilterColumn {
  readonly expression: string;
  readonly kind: FilterColumnKind;
}

/** Rows of another table that hold the elements of a multi-valued attribute, one each. */
export interface FilterRelation {
  /** The table with its alias, or several joined, as they stand after FROM. */
  readonly from: string;
  /** The condition that ties the rows to the resource that is asked about. */
  readonly link: string;
  /** Sub-attributes by their names; the others cannot be filtered. */
  readonly columns: ReadonlyMap<string, FilterColumn>;
}

/**
 * Where a table keeps the attributes of a resource: those with a column of their own by their full names
 * (`userName`, `meta.lastModified`), those kept as rows of another table by their names, everything else in a JSON
 * document of comparable values.
 */
export interface FilterColumns {
  readonly columns: ReadonlyMap<string, FilterColumn>;
  readonly relations?: ReadonlyMap<string, FilterRelation>;
  readonly document: string;
  /** Attributes that are kept in no form that could be compared. */
  readonly unfilterable: ReadonlySet<string>;
}
