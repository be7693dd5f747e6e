/** Where a test lets others wait: closed until it is opened. */
export class Gate {
  private readonly opened: Promise<void>;
  private readonly arrived: Promise<void>;
  private arrive!: () => void;
  /** Lets everyone through, now and later. */
  open!: () => void;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
    this.arrived = new Promise((resolve) => (this.arrive = resolve));
  }

  /** Waits until it is open. */
  async pass(): Promise<void> {
    this.arrive();
    await this.opened;
  }

  /** Resolves when somebody stands before it. */
  reached(): Promise<void> {
    return this.arrived;
  }
}
