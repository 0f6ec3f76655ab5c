/** How a column holds an attribute: text in comparable form, a boolean, or an instant in milliseconds since 1970. */
export type FilterColumnKind = 'text' | 'boolean' | 'instant';

/** A column, or an SQL expression, that holds one attribute in comparable form. */
export interface FilterColumn {
  readonly expression: string;
  readonly kind: FilterColumnKind;
}

/**
 * Where a table keeps the attributes of a resource: those with a column of their own by their full names
 * (`userName`, `meta.lastModified`), everything else in a JSON document of comparable values.
 */
export interface FilterColumns {
  readonly columns: ReadonlyMap<string, FilterColumn>;
  readonly document: string;
  /** Attributes that are kept in no form that could be compared. */
  readonly unfilterable: ReadonlySet<string>;
}
