const MOST = 24;

/** The newest previews by what they show; one that goes takes its object URL with it. */
export class PreviewCache<T extends { url: string }> {
  private readonly entries = new Map<string, T>();

  get(key: string): T | undefined {
    const found = this.entries.get(key);
    if (found) {
      this.entries.delete(key);
      this.entries.set(key, found);
    }
    return found;
  }

  set(key: string, entry: T): void {
    this.entries.set(key, entry);
    for (const [oldest, { url }] of this.entries) {
      if (this.entries.size <= MOST) {
        break;
      }
      this.entries.delete(oldest);
      URL.revokeObjectURL(url);
    }
  }

  clear(): void {
    for (const { url } of this.entries.values()) {
      URL.revokeObjectURL(url);
    }
    this.entries.clear();
  }
}
