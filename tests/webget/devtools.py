"""Opens HAR files as Chromium's developer tools do, with their own code, and prints a line for
each request they make of it: method, URL, status, type, sizes, the time in milliseconds.
  devtools.py BROWSER PROFILE-DIRECTORY HAR...
The browser is led by a pipe (--remote-debugging-pipe): messages of JSON, each with a NUL."""

import json
import os
import subprocess
import sys

OPEN = """(async text => {
  const har = await import('devtools://devtools/bundled/models/har/har.js');
  const root = new har.HARFormat.HARRoot(JSON.parse(text));
  return har.Importer.Importer.requestsFromHARLog(root.log).map(r => [r.requestMethod, r.url(), r.statusCode,
    r.mimeType, r.resourceSize, r.transferSize, Math.round(r.duration * 1000), r.requestHeaders().length].join(' '));
})(%s)"""


class Browser:
    def __init__(self, program, profile):
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()

        def wire():  # descriptors 3 and 4, by way of numbers that are surely neither
            os.dup2(theirs_in, 100)
            os.dup2(theirs_out, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
             "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.rest = b""
        self.number = 0

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.into, 65536)
            if not more:
                sys.exit("the browser has gone")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.number += 1
        ask = {"id": self.number, "method": method, "params": params}
        if session:
            ask["sessionId"] = session
        os.write(self.out, json.dumps(ask).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                return answer["result"]


browser = Browser(sys.argv[1], sys.argv[2])
page = browser.call("Target.createTarget", url="devtools://devtools/bundled/devtools_app.html")
session = browser.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
for name in sys.argv[3:]:
    with open(name, encoding="utf-8") as file:
        text = file.read()
    told = browser.call("Runtime.evaluate", session=session, expression=OPEN % json.dumps(text),
                        awaitPromise=True, returnByValue=True)
    if "exceptionDetails" in told:
        print(name, told["exceptionDetails"]["exception"]["description"])
    for line in told["result"].get("value", []):
        print(line)
browser.call("Browser.close")
browser.process.wait()
