import { fileURLToPath } from "node:url";
import endings from "./endings.cjs";

endings.run(fileURLToPath(import.meta.url));
