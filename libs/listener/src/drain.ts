/**
 * Whether the process is on its way out. While it is, every answer closes its connection, so that clients with
 * keep-alive connections leave by themselves and nothing in flight is cut.
 */
export class Drain {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.draining = true;
  }
}
