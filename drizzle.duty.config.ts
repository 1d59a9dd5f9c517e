// Tables of duty to migrations: npm run migrations -- --name what_it_does
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/duty-tables.ts",
  out: "./schema/migrations/duty",
});
