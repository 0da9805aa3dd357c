/** What was set last, by name, up to a number; beside the request's path, for guesses that may be wrong. */
export class RecentMap<Value> {
  private readonly values = new Map<string, Value>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  get(name: string): Value | undefined {
    return this.values.get(name);
  }

  /** The least recently set goes where there are too many. */
  set(name: string, value: Value): void {
    this.values.delete(name);
    this.values.set(name, value);
    const [oldest = name] = this.values.keys();
    if (this.values.size > this.most) this.values.delete(oldest);
  }
}
