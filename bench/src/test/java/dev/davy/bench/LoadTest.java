package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private interface Measured {
        Load on(int port) throws Exception;
    }

    @Test
    void aClosedLoopCountsWhatItsConnectionsGet() throws Exception {
        var load =
                against(
                        BareServer::echo,
                        port -> ClosedLoop.run(port, Requests.mlpJson(), 3, SHORT, SHORT));
        assertThat(load.replies()).isPositive();
        assertThat(load.failures()).isZero();
        assertThat(load.nanos().getTotalCount()).isEqualTo(load.replies());
    }

    @Test
    void anOpenLoopSendsAsManyRequestsAsItsRateAsks() throws Exception {
        var load =
                against(
                        BareServer::echo,
                        port -> OpenLoop.run(port, Requests.mlpJson(), 2, 1_000, SHORT));
        assertThat(load.replies()).isEqualTo(200);
        assertThat(load.failures()).isZero();
        assertThat(load.nanos().getTotalCount()).isEqualTo(200);
    }

    @Test
    void anOpenLoopCountsRequestsThatAreNeverAnsweredWithTheTimeTheyWaited() throws Exception {
        var load =
                against(
                        () -> List.of(new Silent()),
                        port -> OpenLoop.run(port, Requests.mlpJson(), 2, 100, SHORT));
        assertThat(load.replies()).isZero();
        assertThat(load.failures()).isEqualTo(20);
        // Two were sent and 18 never were: each waited from when it was due until we gave up.
        assertThat(load.nanos().getTotalCount()).isEqualTo(20);
        assertThat(load.nanos().getMinValue()).isGreaterThanOrEqualTo(1_900_000_000L);
    }

    private static Load against(Supplier<List<ChannelHandler>> handlers, Measured measured)
            throws Exception {
        var server = BareServer.start(0, handlers);
        try {
            return measured.on(((InetSocketAddress) server.localAddress()).getPort());
        } finally {
            server.close().sync();
        }
    }

    private static final class Silent extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
