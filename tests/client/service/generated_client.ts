import { readFile, writeFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const [baseUrl, username, password, source, target] = process.argv.slice(2) as [string, string, string, string, string];
const client = createClient<paths>({ baseUrl });

function check<T>(answer: { data?: T; error?: { code: string } }): T {
  if (answer.data === undefined) throw new Error(answer.error?.code ?? "no data");
  return answer.data;
}

const session = check(await client.POST("/api/v1/auth/login/", { body: { email: username, password } }));
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${session.access_token}`);
  },
});

const bytes = new Blob([await readFile(source)], { type: "image/jpeg" });
const image = check(
  await client.POST("/api/v1/images/upload/", {
    body: { file: "", description: "A gull." },
    bodySerializer(body) {
      const form = new FormData();
      form.set("file", bytes, "Möwe.jpg");
      form.set("description", body.description ?? "");
      return form;
    },
  }),
);
const task = check(
  await client.POST("/api/v1/images/{id}/transform/", {
    params: { path: { id: image.id } },
    body: {
      transformations: [{ operation: "resize", params: { width: 80 } }],
      format: "webp",
      quality: 70,
    },
  }),
);
const done = check(
  await client.GET("/api/v1/tasks/{id}/", { params: { path: { id: task.id }, query: { wait: 60 } } }),
);
if (done.result_image === null) throw new Error(done.status);
const file = await client.GET("/api/v1/images/transformed/{id}/download/", {
  params: { path: { id: done.result_image } },
  parseAs: "arrayBuffer",
});
if (!file.data) throw new Error("no file");
await writeFile(target, Buffer.from(file.data));
console.log(JSON.stringify([image.file_name, image.description, done.status, done.options.quality]));
