// The login page in a browser without scripts: wrong password, cancel, right password.
// Usage: node page.mjs <base URL> <user> <password> <chromium>
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const [base, username, password, executablePath] = process.argv.slice(2);
const check = (fine, what) => {
  if (!fine) throw new Error(what);
  console.log(`ok  ${what}`);
};

// The client's own end of the redirection.
const client = createServer((request, response) => response.end(`<title>back</title>${request.url}`));
await new Promise((resolve) => client.listen(4711, "127.0.0.1", resolve));
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  const complaints = [];
  // A refused password is a 403, which the browser reports; everything else is our fault.
  page.on("console", (message) => message.text().includes("status of 403") || complaints.push(message.text()));
  page.on("requestfailed", (request) => complaints.push(request.url()));
  const ask = new URL("/oauth/authorize", base);
  ask.search = new URLSearchParams({
    response_type: "code",
    client_id: "frontend",
    redirect_uri: "http://127.0.0.1:4711/callback",
    state: "<b>&state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  }).toString();
  const submit = async (decision, secret) => {
    await page.goto(ask.href);
    await page.type("#username", username);
    await page.type("#password", secret);
    await Promise.all([page.waitForNavigation(), page.click(`button[value=${decision}]`)]);
    return new URL(page.url());
  };
  await page.goto(ask.href);
  check((await page.title()) === "Frontend asks for access", "the page says who asks");
  const style = await page.$eval("main", (main) => main.ownerDocument.styleSheets.length).catch(() => null);
  check(style !== 0, "its style is applied");
  await submit("allow", "wrong");
  check((await page.$eval("[role=alert]", (alert) => alert.textContent)).includes("do not fit"), "a wrong password is said so");
  check((await page.$eval("#username", (input) => input.value)) === username, "and the name is kept");
  const denied = await submit("deny", "");
  check(denied.searchParams.get("error") === "access_denied", "cancelling goes back to the client");
  const allowed = await submit("allow", password);
  check(allowed.searchParams.get("code") && allowed.searchParams.get("state") === "<b>&state", "the code arrives");
  check(allowed.searchParams.get("iss") === base, "and names its issuer");
  check(complaints.length === 0, `the browser has nothing to complain about ${complaints}`);
} finally {
  await browser.close();
  client.close();
}
