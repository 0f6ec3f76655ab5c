/** A private database server; it ends with `stop()` or with this process. */
export interface NativeServer {
  readonly port: number;
  readonly version: string;
  stop(): Promise<void>;
}

export function findMariadb(): string | undefined;
export function findMysql(): string | undefined;
export function startMariadb(program: string): Promise<NativeServer>;
export function startMysql(program: string): Promise<NativeServer>;
