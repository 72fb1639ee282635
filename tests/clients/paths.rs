//! A call with an Action is one on any path, also where the client signs its path.

use super::{Scheme, bench};
use support::clients::Runtime;

/// What a proxy may stand in front of, and what a client makes of an endpoint that ends with `/`.
const PATHS: &str = r#"["/", "//", "/vod/", "/vod//", "/a/b.jpg", "/a%20b/%E4%B8%AD", "/a+b"]"#;

const PYTHON: &str = "
import json, sys
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.models import RuntimeOptions
endpoint, paths = sys.argv[1], json.loads(sys.argv[2])
client = Client(Config(access_key_id='testid', access_key_secret='test/secret+', endpoint=endpoint, protocol='http'))
for path in paths:
    call = dict(action='ListVodTemplate', version='2017-03-21', protocol='HTTPS', pathname=path, method='POST')
    params = Params(**call, auth_type='AK', style='RPC', req_body_type='formData', body_type='json')
    answer = client.call_api(params, OpenApiRequest(query={'TemplateType': 'Snapshot'}), RuntimeOptions())
    print(path, answer['body']['RequestId'])
";

const NODE: &str = "
const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');
const [endpoint, paths] = [process.argv[1], JSON.parse(process.argv[2])];
const client = new Client(new Config({ accessKeyId: 'testid', accessKeySecret: 'test/secret+', endpoint, protocol: 'http' }));
(async () => {
  for (const pathname of paths) {
    const call = { action: 'ListVodTemplate', version: '2017-03-21', protocol: 'HTTPS', pathname, method: 'POST' };
    const params = new Params({ ...call, authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' });
    const request = new OpenApiRequest({ query: { TemplateType: 'Snapshot' } });
    const answer = await client.callApi(params, request, new RuntimeOptions({}));
    console.log(pathname, answer.body.RequestId);
  }
})().catch((error) => { console.error(error); process.exit(1); });
";

fn call_on_each(runtime: Runtime, flag: &str, script: &str) {
    let bench = bench(Scheme::Http, &["--qps", "0"]);
    let arguments = [flag, script, bench.server.host(), PATHS];
    let mut command = runtime.interpreter(None);
    let output = command.args(arguments).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.lines().count(), 7, "{said}");
}

#[test]
fn a_call_that_python_signs_with_its_path_is_refused() {
    call_on_each(Runtime::Python, "-c", PYTHON);
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn a_call_that_node_signs_with_its_path_is_refused() {
    call_on_each(Runtime::Node, "-e", NODE);
}
