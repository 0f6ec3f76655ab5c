import { entraCases, numberOf, type EntraCase } from './cases.js';
import { reasonToLeaveOut } from './left-out.js';

/** Counts which cases of the fixture ran on one engine, and why the others did not. */
export class Tally {
  private readonly ran = new Set<string>();

  constructor(
    private readonly engine: string,
    private readonly leftOutHere: Readonly<Record<string, string>>,
  ) {}

  note(entraCase: EntraCase): void {
    this.ran.add(entraCase.id);
  }

  /** Cases that neither ran nor have a reason. */
  get forgotten(): readonly string[] {
    return entraCases
      .filter((each) => !this.ran.has(each.id) && this.reasonFor(each) === undefined)
      .map(({ id }) => id);
  }

  /** One line for the summary of the test run. */
  get line(): string {
    const reasons = new Map<string, string[]>();
    for (const each of entraCases.filter(({ id }) => !this.ran.has(id))) {
      const reason = this.reasonFor(each) ?? 'not reached';
      reasons.set(reason, [...(reasons.get(reason) ?? []), numberOf(each)]);
    }
    const leftOut = [...reasons].map(([reason, numbers]) => `${numbers.join(' ')} (${reason})`).join('; ');
    return `Entra cases on ${this.engine}: ${this.ran.size} of ${entraCases.length} ran; left out: ${leftOut}`;
  }

  private reasonFor(entraCase: EntraCase): string | undefined {
    return reasonToLeaveOut(entraCase) ?? this.leftOutHere[numberOf(entraCase)];
  }
}
