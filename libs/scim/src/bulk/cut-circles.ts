/** After this many rounds a tangle of circles is cut everywhere at once, so that the work stays in proportion to it. */
const rounds = 16;

/**
 * Which of its dependencies each node must not wait for, so that none waits in a circle. The first of each circle goes
 * ahead of the others, so that mostly one cut opens a circle.
 */
export function cutCircles(dependencies: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  const cuts = dependencies.map(() => new Set<number>());
  const left = (node: number): readonly number[] =>
    (dependencies[node] ?? []).filter((other) => cuts[node]?.has(other) !== true);
  for (let round = 1; ; round += 1) {
    const circles = new CircleSearch(dependencies.map((_node, index) => left(index))).circles();
    if (circles.length === 0) {
      return cuts;
    }
    for (const circle of circles) {
      const members = new Set(circle);
      const openers = round < rounds ? [Math.min(...circle)] : circle;
      for (const node of openers) {
        left(node)
          .filter((other) => members.has(other) && other >= node)
          .forEach((other) => cuts[node]?.add(other));
      }
    }
  }
}

/** Strongly connected components by Tarjan's algorithm; it goes as deep as there are nodes. */
class CircleSearch {
  private readonly found: number[][] = [];
  private readonly lowest: number[] = [];
  private readonly numbers: number[] = [];
  private readonly stack: number[] = [];
  private readonly isOnStack: boolean[] = [];
  private count = 0;

  constructor(private readonly dependencies: readonly (readonly number[])[]) {}

  /** Nodes that depend on each other, and those that depend on themselves. */
  circles(): readonly (readonly number[])[] {
    this.dependencies.forEach((_node, index) => this.visit(index));
    return this.found.filter(
      ([first = 0, ...others]) => others.length > 0 || this.dependencies[first]?.includes(first) === true,
    );
  }

  private visit(node: number): number {
    const known = this.numbers[node];
    if (known !== undefined) {
      return this.isOnStack[node] === true ? known : Number.POSITIVE_INFINITY;
    }
    const number = (this.count += 1);
    this.numbers[node] = number;
    this.stack.push(node);
    this.isOnStack[node] = true;
    let lowest = number;
    for (const other of this.dependencies[node] ?? []) {
      const isNew = this.numbers[other] === undefined;
      const reached = this.visit(other);
      lowest = Math.min(lowest, isNew ? (this.lowest[other] ?? reached) : reached);
    }
    this.lowest[node] = lowest;
    if (lowest === number) {
      const component = this.stack.splice(this.stack.lastIndexOf(node));
      component.forEach((member) => (this.isOnStack[member] = false));
      this.found.push(component);
      return Number.POSITIVE_INFINITY;
    }
    return lowest;
  }
}
