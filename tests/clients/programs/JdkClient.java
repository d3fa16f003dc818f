// The JDK's HttpClient as it comes: it offers HTTP/2 by an Upgrade header with each request.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class JdkClient {
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static String url;
    static String token;

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json");
    }

    static CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return CLIENT.sendAsync(request, BodyHandlers.ofString());
    }

    static HttpResponse<String> post(String path, BodyPublisher body, boolean expect) {
        return send(request(path).expectContinue(expect).POST(body).build()).join();
    }

    static BodyPublisher chunked(String body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofString(body));
    }

    public static void main(String[] arguments) {
        url = arguments[0];
        token = arguments[1];
        String catalog = "{\"catalogs\":[{\"name\":\"shop\",\"fields\":"
            + "[{\"name\":\"id\",\"type\":\"string\"}]}]}";
        var created = post("/catalogs", BodyPublishers.ofString(catalog), false);
        var expecting = post("/catalogs/shop/items/a", BodyPublishers.ofString("{\"items\":[{}]}"), true);
        var chunked = post("/catalogs/shop/items/b", chunked("{\"items\":[{}]}"), false);
        List<CompletableFuture<HttpResponse<String>>> many = IntStream.range(0, 40)
            .mapToObj(i -> send(request("/catalogs/shop/items/a").build())).toList();
        String statuses = many.stream().map(CompletableFuture::join)
            .map(response -> String.valueOf(response.statusCode())).distinct().sorted()
            .collect(Collectors.joining(","));
        var deleted = send(request("/catalogs/shop/items")
            .method("DELETE", BodyPublishers.ofString("{\"items\":[{\"id\":\"b\"}]}")).build()).join();
        var listed = send(request("/catalogs/shop/items").build()).join();
        System.out.printf("{\"version\":\"%s\",\"created\":%d,\"expecting\":%d,\"chunked\":%d,"
            + "\"statuses\":[%s],\"deleted\":%d,\"listed\":%s}%n",
            listed.version(), created.statusCode(), expecting.statusCode(), chunked.statusCode(),
            statuses, deleted.statusCode(), listed.body());
    }
}
