export interface VariableRow {
  readonly name: string;
  readonly default: string;
  readonly example: string;
  readonly meaning: string;
}
export function variableRows(): readonly VariableRow[];
export function envExample(): string;
export function configurationTable(): string;
