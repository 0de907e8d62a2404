import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { addToLists, type ImagePage } from "@/api/images/list-cache";
import { imageKeys } from "@/api/images/queries";
import type { Image } from "@/api/images/schema";

const image = { id: 7, file_name: "new.jpg" } as Image;
const page = (results: Image[]): ImagePage => ({ next: null, results });

test("a new image is put at the front of the list", () => {
  const queries = new QueryClient();
  queries.setQueryData(imageKeys.list({}), { pages: [page([])], pageParams: [undefined] });
  addToLists(queries, image);
  expect(queries.getQueryData(imageKeys.list({}))).toMatchObject({ pages: [page([image])] });
});

test("a list that is being fetched is fetched again, because it may be older than the image", async () => {
  const queries = new QueryClient();
  const answers: ((results: Image[]) => void)[] = [];
  const list = new InfiniteQueryObserver(queries, {
    queryKey: imageKeys.list({}),
    initialPageParam: undefined,
    getNextPageParam: () => undefined,
    queryFn: () =>
      new Promise<ImagePage>((resolve) => {
        answers.push((results) => resolve(page(results)));
      }),
  });
  const stop = list.subscribe(() => undefined);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  addToLists(queries, image);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[0]?.([]);
  answers[1]?.([image]);
  await vi.waitFor(() =>
    expect(queries.getQueryData(imageKeys.list({}))).toMatchObject({ pages: [page([image])] }),
  );
  stop();
});
