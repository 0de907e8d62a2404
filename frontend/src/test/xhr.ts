import { vi } from "vitest";

/** An upload that is being sent, from the point of view of the server. */
export class FakeXhr {
  static all: FakeXhr[] = [];

  status = 0;
  responseText = "";
  withCredentials = false;
  aborted = false;
  readonly headers = new Map<string, string>();
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  private answered = new Map<string, string>();

  open(): void {}

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.answered.get(name) ?? null;
  }

  send(): void {
    FakeXhr.all.push(this);
  }

  abort(): void {
    this.aborted = true;
    this.onabort?.();
    this.onloadend?.();
  }

  progress(share: number): void {
    this.upload.onprogress?.({ loaded: share * 100, total: 100 });
  }

  answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.answered = new Map(Object.entries(headers));
    this.onload?.();
    this.onloadend?.();
  }

  lose(): void {
    this.onerror?.();
    this.onloadend?.();
  }
}

export function fakeXhr(): typeof FakeXhr {
  FakeXhr.all = [];
  vi.stubGlobal("XMLHttpRequest", FakeXhr);
  return FakeXhr;
}
